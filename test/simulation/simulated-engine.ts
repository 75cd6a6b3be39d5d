/**
 * The near side of the thread boundary, as `src/app/engine.ts` is, with the thread taken out: what waits goes in batches, one that runs and one
 * behind it, to the real executor, and how long that takes, and whether the answer and the hint arrive, is up to the faults.
 */
import type { CommandName, Engine, Input, Output } from "../../src/app/commands.ts";
import type { Executor, Job, Reply } from "../../src/app/executor.ts";
import { limits } from "../../src/core/limits.ts";

/** Commands that go behind a batch which is under way: few, so that it happens often. */
const behindMin = 2;

type Answer = { isHere: boolean; readonly afterMs: number; readonly give: () => void };

type Answered = {
  readonly batch: readonly Waiting[];
  readonly replies: readonly Reply[];
  readonly isDeliveryDue: boolean;
  readonly hints: BatchPlan["hints"];
};

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
  /** Batches that were gathered, or are about to be, and are not answered. */
  #underWay = 0;
  /** Whether the process lives, when the last of them has run. */
  #ran: Promise<boolean> = Promise.resolve(true);
  /** Answers on their way, the first first: none overtakes another. */
  readonly #answers: Answer[] = [];

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  /** Whether nothing waits, runs or is on its way back. */
  get isIdle(): boolean {
    return this.#underWay === 0 && this.#queue.length === 0;
  }

  /** How long an answer is on its way that those behind it wait for, at most; 0: none is. */
  get answerMsMax(): number {
    return Math.max(0, ...this.#answers.map(({ afterMs }) => afterMs));
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
    if (this.#queue.length < (this.#underWay === 0 ? 1 : behindMin) || this.#underWay >= limits.batchesUnderWayMax) return;
    this.#underWay += 1;
    const plan = this.#parts.plan();
    const { promise: sent, resolve: send } = Promise.withResolvers<void>();
    this.#parts.after(plan.waitMs, send);
    this.#ran = Promise.all([this.#ran, sent]).then(([isAlive]) => isAlive && this.#runBatch(plan));
  }

  /** Whether the process has outlived it. */
  async #runBatch(plan: BatchPlan): Promise<boolean> {
    for (const listener of this.#gathering) listener();
    const batch = this.#queue.slice(0, limits.commandsPerCommitMax);
    this.#queue = this.#queue.slice(batch.length);
    const jobs = batch.map(({ job }) => job);
    const replies = await this.#parts.runBatch(jobs, plan);
    if (replies === null) return false;
    const isDeliveryDue = this.#parts.isDeliveryDue();
    const answer: Answer = {
      isHere: false,
      afterMs: plan.answerMs,
      give: () => this.#answer({ batch, replies, isDeliveryDue, hints: plan.hints }),
    };
    this.#answers.push(answer);
    this.#parts.after(plan.answerMs, () => {
      answer.isHere = true;
      while (this.#answers[0]?.isHere === true) this.#answers.shift()?.give();
    });
    return true;
  }

  #answer({ batch, replies, isDeliveryDue, hints }: Answered): void {
    this.#underWay -= 1;
    for (const [index, { resolve, reject }] of batch.entries()) {
      const reply = replies[index];
      if (reply?.ok === true) resolve(reply.output);
      else reject(new Error(reply?.fault ?? "no reply"));
    }
    if (isDeliveryDue && hints === 0) this.#parts.onHintLost();
    for (let times = isDeliveryDue ? hints : 0; times > 0; times -= 1) this.hint();
    this.#next();
  }
}
