/**
 * Runs batches of commands, each batch in one transaction: the group commit. A command that throws undoes its own part and leaves
 * the rest of the batch alone; a commit that fails fails every command in it, and no caller has heard of success before.
 */
import type { Random } from "../core/clock.ts";
import { limits } from "../core/limits.ts";
import type { OrgKey } from "../core/org.ts";
import type { RetrySchedule } from "../core/retry.ts";
import { StoreFault } from "../store/store-fault.ts";
import type { Intent, Store, Tx } from "../store/store.ts";
import { laneOf } from "./command-lanes.ts";
import type { CommandName, HintTopic, Input, Output } from "./commands.ts";
import type { Context } from "./context.ts";
import { Directory } from "./directory.ts";
import { openHand } from "./hand-out.ts";
import { recordsNamed } from "./records-named.ts";
import type { TargetGuard } from "./target-guard.ts";
import { type Tally, addTally, newTally } from "./tally.ts";
import { useCases } from "./use-cases.ts";
import type { WriterStage } from "./writer-stage.ts";

/** A command with its input, as it travels to the thread that runs it. */
export type Job = { readonly [N in CommandName]: { readonly name: N; readonly input: Input<N> } }[CommandName];

/** What came of a job: its output, or a fault of ours. */
export type Reply = { readonly ok: true; readonly output: Output<CommandName> } | ({ readonly ok: false } & Fault);

export type Fault = {
  /** For the log. */
  readonly fault: string;
  /** The store is at fault, not the program: what is wrong with it, in a few words without secrets ("the disk is full"). null: it is not. */
  readonly ofStore: string | null;
  /** The same may work later. */
  readonly isRetryable: boolean;
  /** Nothing was done, for it is to be asked again who the caller is; absent: no. */
  readonly isCallerOutdated?: boolean;
  /** Nothing was done: what the command needs is still being read, and it is to be run again behind the others that wait; absent: no. */
  readonly isTooEarly?: boolean;
};

/** What a batch was, for the metrics. */
export type BatchReport = {
  readonly commands: number;
  /** From its first command to its durable end, and how much of it the commit took, in ms. */
  readonly durationMs: number;
  readonly commitMs: number;
  /** What it did; nothing when the commit failed. */
  readonly tally: Tally;
  /** Why the commit failed; null: it did not. */
  readonly fault: Fault | null;
};

export type BatchDone = {
  /** In the order of the jobs. */
  readonly replies: readonly Reply[];
  /** Whether the batch made deliveries, or let some go that waited. */
  readonly isDeliveryDue: boolean;
  /** Whether any of them is due and was not claimed in it. */
  readonly isClaimDue: boolean;
  /** Whether any is left for others too: it is due, and had no room in this process. */
  readonly isAnyLeft: boolean;
  readonly report: BatchReport;
  /** Whether notices may fall due earlier than before, or a lifecycle event was recorded. */
  readonly isNoticeDue: boolean;
};

export type ExecutorParts = {
  readonly store: Store;
  readonly guard: TargetGuard;
  readonly schedule: RetrySchedule;
  readonly random: Random;
  /** How long a channel's target may fail before it is disabled; absent: as the limits say. */
  readonly failingMs?: number;
  /** Counts milliseconds from anywhere; absent: nobody asks how long it takes. */
  readonly stopwatch?: () => number;
  /** What its commands do to the store; absent: they write. */
  readonly intent?: Intent;
  /** Shared with others that only read; absent: its own. */
  readonly directory?: Directory;
  /** Hears what a batch is at. */
  readonly onStage?: (stage: WriterStage) => void;
  /** Hears that a command of the batch has run, for good or in vain. */
  readonly onCommand?: () => void;
};

export class Executor {
  readonly #parts: ExecutorParts;
  readonly #directory: Directory;

  constructor(parts: ExecutorParts) {
    this.#parts = parts;
    this.#directory = parts.directory ?? new Directory();
  }

  /** Runs the jobs one after another, all at the instant `now`; resolves when they are durable. Never rejects. */
  async run(now: number, jobs: readonly Job[]): Promise<BatchDone> {
    const done = await this.#runTogether(now, jobs);
    if (done.rerun === "none") return done;
    if (this.#parts.store.undo === "savepoint") return this.#runTogether(now, jobs, "apart");
    const alone: BatchDone[] = [];
    for (const job of jobs) alone.push(await this.#runAlone(now, job));
    return joinBatches(alone);
  }

  /** A command that stood in another's way runs again; one that fails of itself has had its second try. */
  async #runAlone(now: number, job: Job): Promise<BatchDone> {
    let done = await this.#runTogether(now, [job]);
    for (let reruns = 1; done.rerun === "again" && reruns < limits.conflictRerunsMax; reruns += 1) {
      done = await this.#runTogether(now, [job]);
    }
    return done;
  }

  /**
   * All in one transaction. `apart`: each can be undone alone, which costs as much as what it does. Otherwise one that fails fails all, and
   * they run again, for commands seldom fail.
   */
  async #runTogether(
    now: number,
    jobs: readonly Job[],
    how: "together" | "apart" = "together",
  ): Promise<BatchDone & { readonly rerun: Rerun }> {
    const { store, intent = "write", stopwatch = () => 0, onStage = () => undefined } = this.#parts;
    const tally = newTally();
    const hints = new Set<Hint>();
    const startedMs = stopwatch();
    let commitsMs = startedMs;
    const reportOf = (fault: Fault | null): BatchReport => {
      const endedMs = stopwatch();
      const took = { durationMs: endedMs - startedMs, commitMs: endedMs - commitsMs };
      return { commands: jobs.length, ...took, tally: fault === null ? tally : newTally(), fault };
    };
    onStage("running");
    try {
      let raised: ReadonlyMap<number, number> = new Map();
      const replies = await store.transaction(async (tx) => {
        const context = this.#context(tx, now, hints);
        if (store.undo === "rerun" && intent === "write") await prepare(tx, jobs);
        const unread = intent === "write" ? await this.#readWatchers(tx, jobs) : noOrgs;
        const done = await this.#replies({ ...context, isApart: how === "apart", unread }, jobs, tally);
        commitsMs = stopwatch();
        onStage("committing");
        raised = tx.orgs.raisedEpochs();
        return done;
      }, intent);
      this.#directory.follow(raised);
      return {
        replies,
        isDeliveryDue: hints.has("delivery"),
        isClaimDue: hints.has("due"),
        isAnyLeft: hints.has("left"),
        isNoticeDue: hints.has("notice"),
        report: reportOf(null),
        rerun: "none",
      };
    } catch (error) {
      // Expected: a command failed that cannot be undone alone, or the commit did (disk full, I/O error); nothing of the batch was kept.
      this.#directory.clear();
      const isOfCommand = error instanceof CommandFailed;
      const fault = faultOf(isOfCommand ? error.cause : error);
      const replies = jobs.map(() => ({ ok: false, ...fault }) as const);
      const rerun = this.#rerunAfter(error);
      const report = { ...reportOf(fault), fault: isOfCommand && fault.ofStore === null ? null : fault };
      return { replies, ...nothingDue, report, rerun };
    } finally {
      onStage("idle");
    }
  }

  /**
   * Reads the channels of the orgs in which the jobs write, a step of them a batch, before anything is written: so an org with a million channels keeps
   * itself waiting and nobody else. Gives the orgs of which not all have been read.
   */
  async #readWatchers(tx: Tx, jobs: readonly Job[]): Promise<ReadonlySet<OrgKey>> {
    const orgs = new Set(jobs.flatMap((job) => writtenOrg(job) ?? []));
    const unread = new Set<OrgKey>();
    for (const org of orgs) {
      if (!(await this.#directory.readWatchers(tx, org, Math.ceil(limits.channelsPerReadMax / orgs.size)))) unread.add(org);
    }
    return unread;
  }

  #rerunAfter(error: unknown): Rerun {
    const isOfCommand = error instanceof CommandFailed;
    // Also one that was alone: only what undoes a command knows a fault of the store from one of ours.
    if (this.#parts.store.undo === "savepoint") return isOfCommand ? "once" : "none";
    const reason = isOfCommand ? error.cause : error;
    if (reason instanceof StoreFault) return reason.isConflict ? "again" : "none";
    // What another process made in the same instant can make a command fail of itself; the second time it sees that.
    return "once";
  }

  close(): Promise<void> | void {
    return this.#parts.store.close();
  }

  /** What the last claim among the jobs may take, those before it give it as they make it. */
  async #replies(context: Run, jobs: readonly Job[], sum: Tally): Promise<readonly Reply[]> {
    const claimAt = jobs.findLastIndex((job) => job.name === "dispatch.claim");
    const claim = jobs[claimAt];
    // Where a claim may be undone alone, nothing is taken for it before it has run: nobody would hear of it until its lease ends.
    const isAlong = !context.isApart && claim?.name === "dispatch.claim";
    const isHandWanted = isAlong && (claim.input.takes === "new" || jobs.slice(0, claimAt).some(mayMake));
    const hand = isHandWanted ? await openHand(context, claim.input) : null;
    const run = { ...context, tally: sum };
    const open = { ...run, hand };
    const replies: Reply[] = [];
    for (const [index, job] of jobs.entries()) {
      const isHandOpen = index === claimAt || (index < claimAt && job.name !== "dispatch.claim");
      replies.push(await this.#reply(isHandOpen ? open : run, job));
    }
    return replies;
  }

  async #reply(context: Run, job: Job): Promise<Reply> {
    const org = writtenOrg(job);
    if (org !== null && context.unread.has(org)) return tooEarly;
    const read = accessReadOf(job);
    if (read !== null && (await isOutdated(context, read))) return outdated;
    if (context.isApart) return this.#replyApart(context, job);
    try {
      return { ok: true, output: await runJob(context, job) };
    } catch (cause) {
      throw new CommandFailed("a command failed", { cause });
    } finally {
      this.#parts.onCommand?.();
    }
  }

  async #replyApart(context: Run, job: Job): Promise<Reply> {
    const tally = newTally();
    try {
      const output = await context.tx.savepoint(() => runJob({ ...context, tally }, job));
      addTally(context.tally, tally);
      return { ok: true, output };
    } catch (error) {
      // Expected: a fault of the database, or a bug; either way only this command is lost, and the caller hears of it.
      this.#directory.clear();
      return { ok: false, ...faultOf(error) };
    } finally {
      this.#parts.onCommand?.();
    }
  }

  #context(tx: Tx, now: number, hints: Set<Hint>): Context {
    const { guard, schedule, random, failingMs = limits.failingMs } = this.#parts;
    const notes = {
      noteDelivery: () => void hints.add("delivery").add("due").add("left"),
      noteAllClaimed: ({ isAnyLeft }: { readonly isAnyLeft: boolean }) => {
        hints.delete("due");
        if (!isAnyLeft) hints.delete("left");
      },
      noteNotice: () => void hints.add("notice"),
    };
    return { tx, now, directory: this.#directory, guard, schedule, random, failingMs, hand: null, tally: newTally(), ...notes };
  }
}

/** `isApart`: whether each command can be undone alone. `unread`: orgs whose channels are still being read. */
type Run = Context & { readonly isApart: boolean; readonly unread: ReadonlySet<OrgKey> };

const noOrgs: ReadonlySet<OrgKey> = new Set();

/** Whether the commands of a batch that was given up run once more, or as often as they stand in another's way. */
type Rerun = "none" | "once" | "again";

/** `left`: something is due that this process has not claimed, whether it has room or not. */
type Hint = HintTopic | "left";

const nothingDue = { isDeliveryDue: false, isClaimDue: false, isAnyLeft: false, isNoticeDue: false };

/** Ends a batch whose commands cannot be undone alone; the cause is what one of them threw. */
class CommandFailed extends Error {
  override readonly name = "CommandFailed";
}

/** Takes and reads for the whole batch at once what its commands would take and read one by one. */
async function prepare(tx: Tx, jobs: readonly Job[]): Promise<void> {
  const holding = jobs.filter((job) => orgsOf(job).length > 0);
  // One that settles takes its orgs itself, on the same way to the server.
  if (holding.length === 1 && holding[0]?.name === "dispatch.settle") return;
  await Promise.all([tx.orgs.hold(holding.flatMap(orgsOf)), tx.records.readAhead(jobs.flatMap(recordsNamed))]);
}

/** The orgs that the job says itself; the others show when it has found what it is about. */
function orgsOf({ input }: Job): readonly number[] {
  if ("caller" in input) return [input.caller.org];
  return "settlements" in input ? input.settlements.map(({ org }) => org) : [];
}

const outdated: Reply = { ok: false, fault: "it is to be asked again who asks", ofStore: null, isRetryable: true, isCallerOutdated: true };

const tooEarly: Reply = { ok: false, fault: "the org's channels are being read", ofStore: null, isRetryable: true, isTooEarly: true };

/** The org in which a caller's command writes; null: it writes in none, or says not in which. */
function writtenOrg({ name, input }: Job): OrgKey | null {
  return laneOf[name] === "write" && "caller" in input ? input.caller.org : null;
}

/** At which epoch of whose org it was read who the caller is; null: nobody else ends tokens, or the job has no caller. */
function accessReadOf({ input }: Job): { readonly org: OrgKey; readonly accessEpoch: number } | null {
  if (!("caller" in input) || input.caller.accessEpoch === undefined) return null;
  return { org: input.caller.org, accessEpoch: input.caller.accessEpoch };
}

/** Whether a token of the org was ended since. */
async function isOutdated({ tx }: Context, { org, accessEpoch }: { readonly org: OrgKey; readonly accessEpoch: number }): Promise<boolean> {
  return accessEpoch !== (await tx.orgs.accessEpoch(org));
}

/** Whether the job may make deliveries. */
function mayMake({ name }: Job): boolean {
  return name !== "dispatch.settle" && name !== "dispatch.claim";
}

function joinBatches(batches: readonly BatchDone[]): BatchDone {
  const sum = (of: (report: BatchReport) => number): number => batches.reduce((total, { report }) => total + of(report), 0);
  const tally = newTally();
  for (const { report } of batches) addTally(tally, report.tally);
  return {
    replies: batches.flatMap(({ replies }) => replies),
    isDeliveryDue: batches.some((done) => done.isDeliveryDue),
    isClaimDue: batches.some((done) => done.isClaimDue),
    isAnyLeft: batches.some((done) => done.isAnyLeft),
    isNoticeDue: batches.some((done) => done.isNoticeDue),
    report: {
      commands: batches.length,
      durationMs: sum((report) => report.durationMs),
      commitMs: sum((report) => report.commitMs),
      tally,
      fault: batches.find(({ report }) => report.fault !== null)?.report.fault ?? null,
    },
  };
}

function runJob<N extends CommandName>(context: Context, job: { readonly name: N; readonly input: Input<N> }): Promise<Output<N>> {
  return useCases[job.name](context, job.input);
}

function faultOf(error: unknown): Fault {
  const isOfStore = error instanceof StoreFault;
  return { fault: describe(error), ofStore: isOfStore ? error.message : null, isRetryable: isOfStore && error.retryable };
}

/** With the message of its cause: that of SQLite, for a fault of the store. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `\ncaused by: ${error.cause.message}` : "";
  return `${error.stack ?? error.message}${cause}`;
}
