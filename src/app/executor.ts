/**
 * Runs batches of commands, each batch in one transaction: the group commit. A command that throws undoes its own part and leaves
 * the rest of the batch alone; a commit that fails fails every command in it, and no caller has heard of success before.
 */
import type { Random } from "../core/clock.ts";
import type { RetrySchedule } from "../core/retry.ts";
import type { Store, Tx } from "../store/store.ts";
import type { CommandName, HintTopic, Input, Output } from "./commands.ts";
import type { Context } from "./context.ts";
import { Directory } from "./directory.ts";
import type { TargetGuard } from "./target-guard.ts";
import { useCases } from "./use-cases.ts";

/** A command with its input, as it travels to the thread that runs it. */
export type Job = { readonly [N in CommandName]: { readonly name: N; readonly input: Input<N> } }[CommandName];

/** What came of a job: its output, or a fault of ours. */
export type Reply = { readonly ok: true; readonly output: Output<CommandName> } | { readonly ok: false; readonly fault: string };

export type BatchDone = {
  /** In the order of the jobs. */
  readonly replies: readonly Reply[];
  /** Whether the batch made deliveries, or let some go that waited. */
  readonly isDeliveryDue: boolean;
  /** Whether notices may fall due earlier than before, or a lifecycle event was recorded. */
  readonly isNoticeDue: boolean;
};

export type ExecutorParts = {
  readonly store: Store;
  readonly guard: TargetGuard;
  readonly schedule: RetrySchedule;
  readonly random: Random;
};

export class Executor {
  readonly #parts: ExecutorParts;
  readonly #directory = new Directory();

  constructor(parts: ExecutorParts) {
    this.#parts = parts;
  }

  /** Runs the jobs one after another, all at the instant `now`; resolves when they are durable. Never rejects. */
  async run(now: number, jobs: readonly Job[]): Promise<BatchDone> {
    const hints = new Set<HintTopic>();
    try {
      const replies = await this.#parts.store.transaction(async (tx) => {
        const context = this.#context(tx, now, hints);
        const done: Reply[] = [];
        for (const job of jobs) done.push(await this.#reply(context, job));
        return done;
      });
      return { replies, isDeliveryDue: hints.has("delivery"), isNoticeDue: hints.has("notice") };
    } catch (error) {
      // Expected: the commit failed (disk full, I/O error); nothing of the batch was kept.
      this.#directory.clear();
      return { replies: jobs.map(() => ({ ok: false, fault: describe(error) })), isDeliveryDue: false, isNoticeDue: false };
    }
  }

  close(): Promise<void> | void {
    return this.#parts.store.close();
  }

  async #reply(context: Context, job: Job): Promise<Reply> {
    try {
      return { ok: true, output: await context.tx.savepoint(() => runJob(context, job)) };
    } catch (error) {
      // Expected: a fault of the database, or a bug; either way only this command is lost, and the caller hears of it.
      this.#directory.clear();
      return { ok: false, fault: describe(error) };
    }
  }

  #context(tx: Tx, now: number, hints: Set<HintTopic>): Context {
    const { guard, schedule, random } = this.#parts;
    const notes = { noteDelivery: () => void hints.add("delivery"), noteNotice: () => void hints.add("notice") };
    return { tx, now, directory: this.#directory, guard, schedule, random, ...notes };
  }
}

function runJob<N extends CommandName>(context: Context, job: { readonly name: N; readonly input: Input<N> }): Promise<Output<N>> {
  return useCases[job.name](context, job.input);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
