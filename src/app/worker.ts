/**
 * The thread behind the boundary: it owns the store and runs one batch at a time. It makes the parts of its own side, as
 * `server.ts` makes those of the other.
 */
import { type MessagePort, parentPort } from "node:worker_threads";
import type { Random } from "../core/clock.ts";
import { standardSchedule } from "../core/retry.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import type { Store } from "../store/store.ts";
import { type BatchDone, Executor, type ExecutorParts } from "./executor.ts";
import { type TargetGuard, type TargetPolicy, createTargetGuard } from "./target-guard.ts";
import { writerStages } from "./writer-stage.ts";
import { type PackedJob, type PackedReply, packReply, unpackJob } from "./crossing.ts";

export type WorkerOptions = {
  readonly dataFolder: string | null;
  readonly targetPolicy: TargetPolicy;
  readonly failingMs: number;
  /** Where the thread writes down what it is at. */
  readonly stage: Int32Array;
  readonly now: number;
};

/** `open` comes first, and once. */
export type ToWorker =
  | { readonly kind: "open"; readonly options: WorkerOptions }
  | { readonly kind: "batch"; readonly now: number; readonly jobs: readonly PackedJob[] }
  | { readonly kind: "close" };

export type FromWorker =
  | { readonly kind: "ready" }
  | { readonly kind: "refused"; readonly reason: string }
  | ({ readonly kind: "done"; readonly replies: readonly PackedReply[] } & Omit<BatchDone, "replies">);

/** Obeys one message after another; what comes before the store is open waits for it. */
function start(port: MessagePort): void {
  const send = (message: FromWorker) => {
    port.postMessage(message);
  };
  let executor: Executor | null = null;
  let tail: Promise<void> = Promise.resolve();
  port.on("message", (message: ToWorker) => {
    tail = tail.then(() => obey(message));
  });

  async function obey(message: ToWorker): Promise<void> {
    if (message.kind === "open") return open(message.options);
    // It was refused, and the port is being closed.
    if (executor === null) return;
    if (message.kind === "batch") {
      const done = await executor.run(message.now, message.jobs.map(unpackJob));
      send({ kind: "done", ...done, replies: done.replies.map(packReply) });
      return;
    }
    await executor.close();
    port.close();
  }

  async function open(options: WorkerOptions): Promise<void> {
    try {
      executor = await openExecutor(options);
      send({ kind: "ready" });
    } catch (error) {
      // Expected: the folder is in use, or cannot be read; the message is for people.
      send({ kind: "refused", reason: error instanceof Error ? error.message : String(error) });
      port.close();
    }
  }
}

async function openExecutor({ dataFolder, targetPolicy, failingMs, stage, now }: WorkerOptions): Promise<Executor> {
  const store = await openSqliteStore(dataFolder);
  return executorOver(store, {
    guard: createTargetGuard(targetPolicy),
    random: { next: () => Math.random() },
    now,
    failingMs,
    stopwatch: () => performance.now(),
    onStage: (at) => Atomics.store(stage, 0, writerStages.indexOf(at)),
  });
}

type Watched = Pick<ExecutorParts, "failingMs" | "stopwatch" | "onStage" | "onCommand">;

/** Takes the store over. Whoever held a claim in it is gone: an embedded store has one process, and it starts just now. */
export async function executorOver(
  store: Store,
  { now, ...parts }: { readonly guard: TargetGuard; readonly random: Random; readonly now: number } & Watched,
): Promise<Executor> {
  await store.transaction(async (tx) => tx.deliveries.releaseAll(now));
  return new Executor({ store, schedule: standardSchedule, ...parts });
}

if (parentPort !== null) start(parentPort);
