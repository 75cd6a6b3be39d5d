/** Commands that go one batch after another: those that come while a batch is under way form the next one. */
import { limits } from "../core/limits.ts";
import type { CommandName, Output } from "./commands.ts";
import type { BatchDone, Executor, Job, Reply } from "./executor.ts";
import type { WriterStage } from "./writer-stage.ts";

export type Waiting = {
  readonly job: Job;
  readonly resolve: (output: Output<CommandName>) => void;
  readonly reject: (reply: Reply | undefined) => void;
};

/** Commands that wait; several lanes may take from one queue. */
export type Queue = Waiting[];

export type LaneParts = {
  readonly queue: Queue;
  /** The lane tells what its batch is at. */
  readonly openExecutor: (onStage: (stage: WriterStage) => void) => Executor;
  readonly now: () => number;
  /** Is called before commands are taken into a batch that has room: what it adds to the queue goes along. */
  readonly onGathering?: () => void;
  /** Hears that there is nothing more to do. */
  readonly onIdle?: () => void;
  /** Hears of each batch when it has been answered. */
  readonly onDone: (done: BatchDone) => void;
};

export class Lane {
  readonly #parts: LaneParts;
  readonly #executor: Executor;
  #stage: WriterStage = "idle";
  #work: Promise<void> | null = null;

  constructor(parts: LaneParts) {
    this.#parts = parts;
    this.#executor = parts.openExecutor((stage) => {
      this.#stage = stage;
    });
  }

  get stage(): WriterStage {
    return this.#stage;
  }

  get isIdle(): boolean {
    return this.#work === null;
  }

  /** Looks at the queue, unless it is at work; then it looks by itself. */
  wake(): void {
    this.#work ??= this.#runAll().finally(() => {
      this.#work = null;
      // Something came between the last look and now.
      if (this.#parts.queue.length > 0) this.wake();
      else this.#parts.onIdle?.();
    });
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#work !== null) await this.#work;
  }

  async #runAll(): Promise<void> {
    for (let batch = await this.#gather(); batch.length > 0; batch = await this.#gather()) await this.#run(batch);
  }

  /** What comes in one turn of the loop goes together: also what those ask for next who have just been answered. */
  async #gather(): Promise<readonly Waiting[]> {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    const { queue, onGathering } = this.#parts;
    if (queue.length > 0 && queue.length < limits.commandsPerCommitMax) onGathering?.();
    return queue.splice(0, limits.commandsPerCommitMax);
  }

  async #run(batch: readonly Waiting[]): Promise<void> {
    const jobs = batch.map(({ job }) => job);
    const done = await this.#executor.run(this.#parts.now(), jobs);
    for (const [index, one] of batch.entries()) {
      const reply = done.replies[index];
      if (reply?.ok === true) one.resolve(reply.output);
      else if (reply?.ok === false && reply.isTooEarly === true) this.#parts.queue.push(one);
      else one.reject(reply);
    }
    this.#parts.onDone(done);
  }
}
