/**
 * The world in which the real use cases, the real store and the real dispatcher run: its time, its chance, its faults, its receivers and
 * its clients all come from one seed. Whatever happens is a line of the trace; the same seed gives the same trace.
 */
import { createHash } from "node:crypto";
import type { CommandName, Input, Output } from "../../src/app/commands.ts";
import type { Executor, Job, Reply } from "../../src/app/executor.ts";
import { createTargetGuard } from "../../src/app/target-guard.ts";
import { executorOver } from "../../src/app/worker.ts";
import type { Claim } from "../../src/core/attempt.ts";
import type { AttemptContext, Attempted } from "../../src/dispatch/attempt.ts";
import { type DispatchLimits, standardLimits } from "../../src/dispatch/dispatch-limits.ts";
import { type Dispatcher, createDispatcher } from "../../src/dispatch/dispatcher.ts";
import { silentEvents } from "../../src/observe/events.ts";
import { storeQueue } from "../../src/queue/store-queue.ts";
import { Random } from "../fuzz/random.ts";
import { type FaultName, Faults } from "./faults.ts";
import { Auditor } from "./invariants.ts";
import { Receivers, attemptedOf } from "./receivers.ts";
import { type Life, Schedule } from "./schedule.ts";
import { type BatchPlan, SimulatedEngine } from "./simulated-engine.ts";
import { SimulatedStore } from "./simulated-store.ts";
import { checkStored } from "./stored-checks.ts";
import { Workload, seedOrgs } from "./workload.ts";

export type WorldOptions = {
  readonly seed: number;
  readonly hours: number;
  readonly faults: readonly FaultName[];
  readonly linesKept?: number;
};

export type Report = {
  readonly seed: number;
  /** SHA-256 of the trace. */
  readonly trace: string;
  readonly steps: number;
  readonly counts: Readonly<Record<string, number>>;
  /** What broke, or null. */
  readonly failure: Error | null;
  /** The last lines of the trace. */
  readonly last: readonly string[];
};

type Process = {
  readonly life: Life;
  readonly executor: Executor;
  readonly engine: SimulatedEngine;
  readonly dispatcher: Dispatcher;
};

const hourMs = 3_600_000;
const startMs = Date.UTC(2026, 0, 5);
/** Ten attempts take at most 91 hours; those that were asked to wait a day each time, ten days. */
const patienceMs = 12 * 24 * hourMs;
const orgs = 3;
const targets = 10;
/** Lines of the trace that a report keeps, unless more are asked for. */
const linesKept = 40;
/** How much may be on its way at once; the last is the engine's own. */
const sizes = [
  { inFlightMax: 6, inFlightPerOrgMax: 4, inFlightPerOriginMax: 3, inFlightPerChannelMax: 2 },
  // Orgs and origins are bounded by turns alone.
  { inFlightMax: 6, inFlightPerOrgMax: 6, inFlightPerOriginMax: 6, inFlightPerChannelMax: 3 },
  { inFlightMax: 12, inFlightPerOrgMax: 8, inFlightPerOriginMax: 5, inFlightPerChannelMax: 3 },
  {
    inFlightMax: standardLimits.deliveriesInFlightMax,
    inFlightPerOrgMax: standardLimits.deliveriesInFlightPerOrgMax,
    inFlightPerOriginMax: standardLimits.deliveriesInFlightPerOriginMax,
    inFlightPerChannelMax: standardLimits.deliveriesInFlightPerChannelMax,
  },
] as const;
/** A batch that takes longer may cost a lease. */
const stallMs = 1_000;

export async function simulate(options: WorldOptions): Promise<Report> {
  const world = new World(options, await SimulatedStore.open());
  return world.run();
}

class World {
  readonly #options: WorldOptions;
  readonly #store: SimulatedStore;
  readonly #schedule = new Schedule(startMs);
  readonly #faults: Faults;
  readonly #receivers: Receivers;
  readonly #workload: Workload;
  readonly #auditor: Auditor;
  readonly #chance: Random;
  readonly #limits: Partial<DispatchLimits>;
  readonly #trace = createHash("sha256");
  readonly #last: string[] = [];
  readonly #counts = { crashes: 0, stops: 0, jumps: 0, fullDisks: 0, failedCommits: 0, lostHints: 0 };
  #process: Process | null = null;
  #isDeliveryDue = false;
  #isSettling = true;
  #failure: Error | null = null;

  constructor(options: WorldOptions, store: SimulatedStore) {
    const { seed } = options;
    const chanceOf = (part: number): Random => new Random(seed * 31 + part);
    this.#options = options;
    this.#store = store;
    this.#chance = chanceOf(1);
    this.#faults = new Faults(chanceOf(2), options.faults);
    this.#receivers = new Receivers(chanceOf(3), targets);
    const bounds = { ...this.#chance.pick(sizes), failuresMax: this.#chance.pick([3, 10]) };
    this.#limits = {
      deliveriesInFlightMax: bounds.inFlightMax,
      deliveriesInFlightPerOrgMax: bounds.inFlightPerOrgMax,
      deliveriesInFlightPerOriginMax: bounds.inFlightPerOriginMax,
      deliveriesInFlightPerChannelMax: bounds.inFlightPerChannelMax,
      claimBatchMax: Math.min(bounds.inFlightMax, standardLimits.claimBatchMax),
      failuresPerOriginMax: bounds.failuresMax,
      failuresPerChannelMax: bounds.failuresMax,
    };
    this.#auditor = new Auditor({ ...bounds, attemptTimeoutMs: standardLimits.attemptTimeoutMs });
    const now = (): number => this.#schedule.wallMs;
    const after = (ms: number, act: () => void): void => this.#schedule.after(ms, act);
    this.#workload = new Workload({ random: chanceOf(4), model: this.#auditor.model, orgs, targets, now, after });
  }

  async run(): Promise<Report> {
    await this.#begin();
    const untilMs = this.#options.hours * hourMs;
    this.#planWork(untilMs);
    this.#planFaults(untilMs);
    await this.#runUntil(() => this.#schedule.passedMs < untilMs, untilMs);
    this.#faults.isOver = true;
    this.#receivers.heal();
    this.#store.setFull(false);
    this.#note("the faults are over");
    await this.#runUntil(() => this.#process === null || !this.#process.engine.isIdle, untilMs + hourMs);
    this.#workload.letGo(this.#ask);
    this.#process?.engine.hint();
    await this.#runUntil(() => this.#auditor.ledger.openCount > 0, untilMs + patienceMs);
    this.#try(() => this.#auditor.checkAllEnded());
    this.#try(() => checkStored(this.#auditor, this.#store));
    this.#store.close();
    const { ended, deliveries } = this.#auditor.ledger;
    return {
      seed: this.#options.seed,
      trace: this.#trace.digest("hex"),
      steps: this.#schedule.steps,
      counts: { ...this.#counts, ...this.#auditor.counts, ...this.#auditor.load.counts, kept: deliveries.size, ...ended },
      failure: this.#failure,
      last: this.#last,
    };
  }

  async #begin(): Promise<void> {
    await this.#start();
    const seed = { orgs: seedOrgs(orgs) };
    const done = await this.#process?.executor.run(this.#schedule.wallMs, [{ name: "seed.apply", input: { seed } }]);
    if (done?.replies[0]?.ok !== true) this.#fail(new Error(`the seed was refused: ${JSON.stringify(done)}`));
  }

  /** Steps on while `isWanted`, until something breaks or `untilMs` has come. */
  async #runUntil(isWanted: () => boolean, untilMs: number): Promise<void> {
    while (this.#failure === null && isWanted() && (await this.#schedule.step(untilMs))) this.#lookIn();
  }

  #lookIn(): void {
    const process = this.#process;
    if (process === null || !process.engine.isIdle || !process.dispatcher.quiet.isIdle || !this.#auditor.isNothingInFlight) return;
    this.#try(() => this.#auditor.checkAsleep(this.#schedule.wallMs));
  }

  /** A process starts: it takes the store over as it finds it. */
  async #start(): Promise<void> {
    const life: Life = { isOver: false };
    const clock = this.#schedule.clockOf(life);
    const guard = createTargetGuard({ allowedCidrs: ["127.0.0.0/8"] });
    this.#store.commitPlan = "lands";
    this.#try(() => checkStored(this.#auditor, this.#store));
    const executor = await executorOver(this.#store.reopened(), {
      guard,
      random: this.#chance,
      now: clock.now(),
      onCommand: () => this.#store.endCommand(),
    });
    this.#note("started");
    this.#isSettling = true;
    this.#try(() => this.#auditor.hearStart(this.#store.takeMoves()));
    this.#try(() => this.#auditor.checkNothingClaimed(clock.now()));
    const engine = new SimulatedEngine({
      executor,
      plan: () => this.#planBatch(),
      after: (ms, act) => this.#schedule.after(ms, () => (life.isOver ? undefined : act())),
      runBatch: (jobs, plan) => this.#runBatch({ executor, engine }, jobs, plan),
      isDeliveryDue: () => this.#isDeliveryDue,
      onHintLost: () => {
        this.#counts.lostHints += 1;
        this.#auditor.isUninformed = true;
      },
    });
    const dispatcher = createDispatcher({
      queue: storeQueue(engine),
      clock,
      random: this.#chance,
      events: silentEvents,
      guard,
      baseUrl: "http://127.0.0.1:9000",
      version: "0",
      limits: this.#limits,
      attempt: (claim, context) => this.#attempt(claim, context, life),
    });
    this.#process = { life, executor, engine, dispatcher };
    dispatcher.start();
  }

  #planBatch(): BatchPlan {
    const plan = this.#faults.planBatch();
    if (plan.waitMs > stallMs) this.#auditor.disturb();
    return plan;
  }

  /** Runs a batch through the executor, and tells the auditor what was committed. null: the process died on it. */
  async #runBatch(
    on: { executor: Executor; engine: SimulatedEngine },
    jobs: readonly Job[],
    plan: BatchPlan,
  ): Promise<readonly Reply[] | null> {
    const isLost = plan.commit === "fails" || plan.commit === "crashes before";
    this.#store.commitPlan = isLost ? "fails" : "lands";
    // What the batch before it claimed, when this one was on its way already, has waited for it too.
    if (plan.waitMs > stallMs) this.#auditor.disturb();
    const now = this.#schedule.wallMs;
    const { replies, isClaimDue } = await on.executor.run(now, jobs);
    this.#isDeliveryDue = isClaimDue;
    const isDead = plan.commit === "crashes before" || plan.commit === "crashes after";
    this.#note(`batch ${plan.commit} ${jobs.map((job, index) => this.#traceOf(job, replies[index])).join(" ")}`);
    if (plan.commit !== "crashes before") this.#hear({ jobs, replies, now });
    if (Math.max(plan.answerMs, on.engine.answerMsMax) > stallMs) this.#auditor.disturb();
    if (isDead) this.#crash();
    return isDead ? null : replies;
  }

  #hear({ jobs, replies, now }: { jobs: readonly Job[]; replies: readonly Reply[]; now: number }): void {
    const { committed } = this.#store;
    if (committed === null) {
      this.#counts.failedCommits += 1;
      this.#auditor.disturb();
    }
    for (const [index, job] of jobs.entries()) {
      const reply = replies[index] ?? { ok: false, fault: "no reply", ofStore: null, isRetryable: false };
      this.#try(() => this.#auditor.hear({ job, reply, now, moves: committed?.[index] ?? [] }));
      if (!reply.ok) this.#auditor.disturb();
      // While settlements do not land nothing is claimed.
      if (job.name === "dispatch.settle") this.#isSettling = reply.ok;
      if (!reply.ok) continue;
      if (job.name === "dispatch.claim" && this.#isSettling) this.#auditor.isUninformed = false;
    }
    this.#try(() => this.#auditor.endBatch());
  }

  #attempt(claim: Claim, context: AttemptContext, life: Life): Promise<Attempted> {
    const startedAt = context.clock.now();
    this.#note(`post ${claim.deliveryId} to ${claim.channelId}`);
    this.#try(() => this.#auditor.beginPost(claim, startedAt));
    const answer = this.#receivers.answer(claim, standardLimits.attemptTimeoutMs);
    return new Promise((resolve) => {
      this.#schedule.after(answer.afterMs, () => {
        if (life.isOver) return;
        const attempted = attemptedOf(answer, startedAt, context);
        this.#note(`answer ${claim.deliveryId} ${attempted.entry.outcome}`);
        this.#auditor.endPost(claim, attempted, context.clock.now());
        resolve(attempted);
      });
    });
  }

  #crash(): void {
    if (this.#process === null) return;
    this.#note("crashed");
    this.#counts.crashes += 1;
    this.#end(this.#process);
  }

  #end(process: Process): void {
    process.life.isOver = true;
    this.#process = null;
    this.#auditor.disturb();
    this.#schedule.after(100 + this.#chance.below(20_000), () => void this.#start().catch(this.#fail));
  }

  /** The process is stopped in order: it drains, and starts again. */
  async #stop(process: Process): Promise<void> {
    this.#note("stopping");
    this.#counts.stops += 1;
    await process.dispatcher.stop();
    if (process.life.isOver) return;
    this.#note("stopped");
    this.#end(process);
  }

  #planWork(untilMs: number): void {
    this.#schedule.after(1, () => this.#workload.begin(this.#ask));
    const work = (): void => {
      if (this.#schedule.passedMs >= untilMs) return;
      this.#workload.act(this.#ask);
      this.#schedule.after(this.#chance.hasChance(0.5) ? this.#chance.below(300) : this.#chance.below(40_000), work);
    };
    this.#schedule.after(1_000, work);
  }

  #planFaults(untilMs: number): void {
    const strike = (): void => {
      if (this.#schedule.passedMs >= untilMs) return;
      this.#strike();
      this.#schedule.after(1_000 + this.#chance.below(59_000), strike);
    };
    this.#schedule.after(60_000, strike);
  }

  #strike(): void {
    const faults = this.#faults;
    if (faults.strikes("targets", 0.3)) this.#note(`target ${this.#receivers.change()}`);
    if (faults.strikes("crash", 0.04)) this.#crash();
    if (faults.strikes("stop", 0.02) && this.#process !== null) void this.#stop(this.#process).catch(this.#fail);
    if (faults.strikes("jump", 0.03)) {
      const ms = (faults.below(2) === 0 ? 1 : -1) * (1_000 + faults.below(600_000));
      this.#note(`clock ${ms}`);
      this.#counts.jumps += 1;
      this.#auditor.seeClock(this.#schedule.wallMs);
      this.#schedule.jump(ms);
      this.#auditor.load.forgetInstants();
      this.#auditor.disturb();
    }
    if (faults.strikes("full", 0.03)) {
      this.#note("disk full");
      this.#counts.fullDisks += 1;
      this.#store.setFull(true);
      this.#schedule.after(1_000 + faults.below(90_000), () => this.#store.setFull(false));
    }
  }

  readonly #ask = <N extends CommandName>(name: N, input: Input<N>): void => {
    // Whether it was refused, and why, the auditor has heard.
    this.#process?.engine.run(name, input).catch(() => undefined);
  };

  #traceOf(job: Job, reply: Reply | undefined): string {
    if (reply?.ok !== true) return `${job.name} faulted`;
    if (job.name !== "dispatch.claim") return job.name;
    // The table of commands ties the name to the output.
    const { claims } = reply.output as Output<"dispatch.claim">;
    return `claim [${claims.map((claim) => claim.deliveryId).join(" ")}]`;
  }

  #note(what: string): void {
    const line = `${this.#schedule.passedMs} ${what}`;
    this.#trace.update(`${line}\n`);
    this.#last.push(line);
    if (this.#last.length > (this.#options.linesKept ?? linesKept)) this.#last.shift();
  }

  #try(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#fail(error);
    }
  }

  readonly #fail = (error: unknown): void => {
    this.#failure ??= error instanceof Error ? error : new Error(String(error));
  };
}
