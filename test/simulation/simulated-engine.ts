/**
 * The near side of the thread boundary, as `src/app/engine.ts` is, with the thread taken out: what waits goes in batches, one at a time, to
 * the real executor, and how long that takes, and whether the answer and the hint arrive, is up to the faults.
 */
import type { CommandName, Engine, Input, Output } from "../../src/app/commands.ts";
import type { Executor, Job, Reply } from "../../src/app/executor.ts";
import { limits } from "../../src/core/limits.ts";

type Waiting = { readonly job: Job; readonly resolve: (output: Output<CommandName>) => void; readonly reject: (fault: Error) => void };

/** How one batch goes: how long it waits before it runs and its answer after, and what becomes of its hint. */
export type BatchPlan = {
  readonly waitMs: number;
  readonly answerMs: number;
  readonly commit: "lands" | "fails" | "crashes before" | "crashes after";
  readonly hints: 0 | 1 | 2;
};

export type EngineParts = {
  readonly executor: Executor;
  readonly plan: () => BatchPlan;
  readonly after: (ms: number, act: () => void) => void;
  /** Runs the batch; gives the replies, or null when the process died on it. */
  readonly runBatch: (jobs: readonly Job[], plan: BatchPlan) => Promise<readonly Reply[] | null>;
  readonly isDeliveryDue: () => boolean;
  readonly onHintLost: () => void;
};

export class SimulatedEngine implements Engine {
  readonly #parts: EngineParts;
  #queue: Waiting[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #gathering = new Set<() => void>();
  #isBusy = false;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  /** Whether nothing waits, runs or is on its way back. */
  get isIdle(): boolean {
    return !this.#isBusy && this.#queue.length === 0;
  }

  run<N extends CommandName>(name: N, input: Input<N>): Promise<Output<N>> {
    return new Promise<Output<N>>((resolve, reject) => {
      // The table of commands ties a name to its input and its output; the queue holds them all alike.
      this.#queue.push({ job: { name, input } as Job, resolve, reject });
      this.#next();
    });
  }

  onHint(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  onGathering(listener: () => void): () => void {
    this.#gathering.add(listener);
    return () => {
      this.#gathering.delete(listener);
    };
  }

  hint(): void {
    for (const listener of this.#listeners) listener();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #next(): void {
    if (this.#isBusy || this.#queue.length === 0) return;
    this.#isBusy = true;
    const plan = this.#parts.plan();
    this.#parts.after(plan.waitMs, () => void this.#runBatch(plan));
  }

  async #runBatch(plan: BatchPlan): Promise<void> {
    for (const listener of this.#gathering) listener();
    const batch = this.#queue.slice(0, limits.commandsPerCommitMax);
    this.#queue = this.#queue.slice(batch.length);
    const jobs = batch.map(({ job }) => job);
    const replies = await this.#parts.runBatch(jobs, plan);
    if (replies === null) return;
    const isDeliveryDue = this.#parts.isDeliveryDue();
    this.#parts.after(plan.answerMs, () => {
      this.#isBusy = false;
      for (const [index, { resolve, reject }] of batch.entries()) {
        const reply = replies[index];
        if (reply?.ok === true) resolve(reply.output);
        else reject(new Error(reply?.fault ?? "no reply"));
      }
      if (isDeliveryDue && plan.hints === 0) this.#parts.onHintLost();
      for (let times = isDeliveryDue ? plan.hints : 0; times > 0; times -= 1) this.hint();
      this.#next();
    });
  }
}
