/**
 * The near side of the thread boundary. Commands that come while a batch is under way wait in a queue and form the next batch:
 * the busier it is, the more of them share one commit. When many wait they go before the batch is done, so that the thread goes on without
 * waiting for this side, which is busy with what the batches before have brought.
 */
import { getCompileCacheDir } from "node:module";
import { Worker } from "node:worker_threads";
import type { Clock } from "../core/clock.ts";
import { limits } from "../core/limits.ts";
import { packJob, unpackReply } from "./crossing.ts";
import type { CommandName, Engine, HintTopic, Input, Output } from "./commands.ts";
import type { BatchReport, Job, Reply } from "./executor.ts";
import type { TargetPolicy } from "./target-guard.ts";
import type { FromWorker, ToWorker, WorkerOptions } from "./worker.ts";
import { type WriterStage, writerStages } from "./writer-stage.ts";

export type EngineOptions = {
  /** null: in memory, gone at the end. */
  readonly dataFolder: string | null;
  readonly clock: Clock;
  readonly targetPolicy: TargetPolicy;
  /** How long a channel's target may fail before it is disabled, in ms; absent: as the limits say. */
  readonly failingMs?: number;
  /** Hears of each batch when its replies are here. */
  readonly onBatch?: (report: BatchReport) => void;
};

/**
 * A fault of the engine. `retryable`: nothing was done, and asking again may work. `ofStore`: what is wrong with the store, in a few
 * words ("the disk is full"); no command that writes works until it is mended. null: nothing is. `isCallerOutdated`: it is to be asked again who asks.
 */
export class EngineFault extends Error {
  override readonly name = "EngineFault";
  readonly retryable: boolean;
  readonly ofStore: string | null;
  readonly isCallerOutdated: boolean;

  constructor(
    message: string,
    {
      retryable,
      ofStore = null,
      isCallerOutdated = false,
    }: { readonly retryable: boolean; readonly ofStore?: string | null; readonly isCallerOutdated?: boolean },
  ) {
    super(message);
    this.isCallerOutdated = isCallerOutdated;
    this.retryable = retryable;
    this.ofStore = ofStore;
  }
}

/** The engine, and what can be seen of its thread without asking it. */
export type StoreEngine = Engine & {
  /** What the thread is at: read from memory that it shares, so that the answer comes when the thread gives none. */
  readonly stage: WriterStage;
  /** Commands that wait for a batch. */
  readonly queued: number;
};

type Waiting = { readonly job: Job; readonly resolve: (output: Output<CommandName>) => void; readonly reject: (fault: Error) => void };

/** The store's thread while it loads its code; it has opened nothing yet. */
export type StoreThread = { readonly worker: Worker };

/** Starts the thread, before it is known what it is to open. It holds up no end of the process until an engine takes it. */
export function startThread(): StoreThread {
  const worker = new Worker(new URL("./thread.js", import.meta.url), {
    workerData: getCompileCacheDir() ?? null,
    stdout: false,
    stderr: false,
  });
  worker.unref();
  return { worker };
}

/** Ends a thread that is not needed after all. */
export function leaveThread({ worker }: StoreThread): void {
  void worker.terminate();
}

/** An engine whose thread is on its way. */
export type StartedEngine = {
  /** Takes commands at once; they run when the store is open. */
  readonly engine: StoreEngine;
  /**
   * Rejects with an Error whose message a person can read: the data folder is in use, cannot be made, or holds no store of ours. Nobody need
   * wait for it: every command fails then.
   */
  readonly opened: Promise<void>;
};

/** Has the thread open the store. */
export function startEngine({ worker }: StoreThread, options: EngineOptions): StartedEngine {
  const { dataFolder, targetPolicy, clock, failingMs = limits.failingMs, onBatch = () => undefined } = options;
  const stage = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const workerOptions: WorkerOptions = { dataFolder, targetPolicy, failingMs, stage, now: clock.now() };
  worker.ref();
  worker.postMessage({ kind: "open", options: workerOptions } satisfies ToWorker);
  const opening = opened(worker);
  opening.catch(() => undefined);
  return { engine: new ThreadEngine({ worker, clock, stage, onBatch }), opened: opening };
}

/** As `startEngine`, when the store is open. */
export async function openEngine(options: EngineOptions): Promise<StoreEngine> {
  const started = startEngine(startThread(), options);
  await started.opened;
  return started.engine;
}

function opened(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once("error", reject);
    worker.once("message", (message: FromWorker) => {
      worker.off("error", reject);
      if (message.kind === "refused") reject(new Error(message.reason));
      else resolve();
    });
  });
}

type ThreadParts = {
  readonly worker: Worker;
  readonly clock: Clock;
  /** Holds a place in `writerStages`. */
  readonly stage: Int32Array;
  readonly onBatch: (report: BatchReport) => void;
};

class ThreadEngine implements StoreEngine {
  readonly #worker: Worker;
  readonly #clock: Clock;
  readonly #stage: Int32Array;
  readonly #onBatch: (report: BatchReport) => void;
  readonly #queue: Waiting[] = [];
  /** The batches that the thread has: the one that it runs, and one behind it. */
  readonly #underWay: (readonly Waiting[])[] = [];
  readonly #listeners: Readonly<Record<HintTopic, Set<() => void>>> = {
    delivery: new Set(),
    due: new Set(),
    notice: new Set(),
    replay: new Set(),
  };
  readonly #gathering = new Set<() => void>();
  readonly #ended: Promise<void>;
  #isFlushPlanned = false;
  #closing: Promise<void> | null = null;
  #fault: EngineFault | null = null;
  #onIdle: (() => void) | null = null;

  constructor({ worker, clock, stage, onBatch }: ThreadParts) {
    this.#worker = worker;
    this.#clock = clock;
    this.#stage = stage;
    this.#onBatch = onBatch;
    worker.on("message", (message: FromWorker) => {
      if (message.kind === "done") this.#finish(message);
    });
    worker.on("error", (error) => {
      this.#fail(
        new EngineFault(`the store's thread failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`, {
          retryable: false,
        }),
      );
    });
    this.#ended = new Promise((resolve) => {
      worker.on("exit", () => {
        this.#fail(new EngineFault("the store is closed", { retryable: false }));
        resolve();
      });
    });
  }

  run<N extends CommandName>(name: N, input: Input<N>): Promise<Output<N>> {
    if (this.#fault !== null) return Promise.reject(this.#fault);
    if (this.#closing !== null) return Promise.reject(new EngineFault("the store is being closed", { retryable: true }));
    if (this.#queue.length >= limits.queuedCommandsMax) {
      return Promise.reject(new EngineFault(`${limits.queuedCommandsMax} commands wait already`, { retryable: true }));
    }
    return new Promise<Output<N>>((resolve, reject) => {
      // The table of commands ties a name to its input and its output; the queue holds them all alike.
      const job = { name, input } as Job;
      this.#queue.push({ job, resolve, reject });
      this.#planFlush();
    });
  }

  get stage(): WriterStage {
    return writerStages[Atomics.load(this.#stage, 0)] ?? "idle";
  }

  get queued(): number {
    return this.#queue.length;
  }

  onHint(listener: () => void, topic: HintTopic = "delivery"): () => void {
    const listeners = this.#listeners[topic];
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }

  onGathering(listener: () => void): () => void {
    this.#gathering.add(listener);
    return () => {
      this.#gathering.delete(listener);
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#queue.length > 0 || this.#underWay.length > 0) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
    }
    if (this.#fault === null) this.#worker.postMessage({ kind: "close" } satisfies ToWorker);
    await this.#ended;
  }

  /** Waits for the end of the current turn, so that what arrives together travels together. */
  #planFlush(): void {
    if (this.#isFlushPlanned || !this.#mayFlush()) return;
    this.#isFlushPlanned = true;
    setImmediate(() => {
      this.#isFlushPlanned = false;
      this.#flush();
    });
  }

  #mayFlush(): boolean {
    const last = this.#underWay.at(-1);
    if (last === undefined) return this.#queue.length > 0;
    // The larger a batch is, the less each of its commands costs.
    const isLarge = this.#queue.length >= Math.max(limits.commandsPerWaitingBatchMin, last.length / 2);
    return isLarge && this.#underWay.length < limits.batchesUnderWayMax;
  }

  #flush(): void {
    if (!this.#mayFlush() || this.#fault !== null) return;
    if (this.#queue.length < limits.commandsPerCommitMax) for (const listener of this.#gathering) listener();
    const waiting = this.#queue.splice(0, limits.commandsPerCommitMax);
    this.#underWay.push(waiting);
    const jobs = waiting.map(({ job }) => packJob(job));
    this.#worker.postMessage({ kind: "batch", now: this.#clock.now(), jobs } satisfies ToWorker);
  }

  #finish(done: Extract<FromWorker, { kind: "done" }>): void {
    const waiting = this.#underWay.shift() ?? [];
    for (const [index, one] of waiting.entries()) {
      const reply = unpackReply(done.replies[index]);
      if (reply?.ok === true) one.resolve(reply.output);
      else if (reply?.ok === false && reply.isTooEarly === true) this.#queue.push(one);
      else one.reject(faultOf(reply));
    }
    this.#onBatch(done.report);
    if (done.isDeliveryDue) for (const listener of this.#listeners.delivery) listener();
    if (done.isClaimDue) for (const listener of this.#listeners.due) listener();
    if (done.isNoticeDue) for (const listener of this.#listeners.notice) listener();
    if (this.#queue.length > 0) this.#planFlush();
    else if (this.#underWay.length === 0) this.#onIdle?.();
  }

  #fail(fault: EngineFault): void {
    this.#fault ??= fault;
    for (const { reject } of [...this.#underWay.splice(0).flat(), ...this.#queue.splice(0)]) reject(this.#fault);
    this.#onIdle?.();
  }
}

/** What the caller hears of a command that failed. */
export function faultOf(reply: Reply | undefined): EngineFault {
  if (reply === undefined || reply.ok) return new EngineFault("invariant broken: a command got no reply", { retryable: false });
  const { fault, isRetryable: retryable, ofStore, isCallerOutdated = false } = reply;
  return new EngineFault(fault, { retryable, ofStore, isCallerOutdated });
}
