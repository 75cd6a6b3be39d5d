/**
 * The engine over a store that takes several transactions at once: the use cases run in this process, and the commands in lanes side by side. Each lane
 * commits in groups, as the thread does; of one org's writes one lane makes all, so they seldom wait for each other at the database.
 */
import type { Clock, Random } from "../core/clock.ts";
import { limits } from "../core/limits.ts";
import { standardSchedule } from "../core/retry.ts";
import type { OrgKey } from "../core/org.ts";
import type { HintWire } from "../store/hint-wire.ts";
import type { Store } from "../store/store.ts";
import { type LaneKind, laneOf } from "./command-lanes.ts";
import type { CommandName, Gathered, HintTopic, Input, Output } from "./commands.ts";
import { Directory } from "./directory.ts";
import { EngineFault, type StoreEngine, faultOf } from "./engine.ts";
import { type BatchDone, type BatchReport, Executor, type Job } from "./executor.ts";
import { Lane, type Queue, type Waiting } from "./lane.ts";
import { LaterWake } from "./later-wake.ts";
import { pageTokenKey } from "./page-token.ts";
import { joinSettling } from "./settle-together.ts";
import type { TargetGuard } from "./target-guard.ts";
import { type WriterStage, writerStages } from "./writer-stage.ts";

export type PoolEngineParts = {
  readonly store: Store;
  /** To the other processes on the store, and from them. */
  readonly wire: HintWire;
  readonly clock: Clock;
  readonly guard: TargetGuard;
  readonly random: Random;
  readonly failingMs: number;
  /** Counts milliseconds from anywhere. */
  readonly stopwatch: () => number;
  readonly onBatch: (report: BatchReport) => void;
};

/** Rejects with what keeps the store from working. */
export async function openPoolEngine(parts: PoolEngineParts): Promise<StoreEngine> {
  // What reading commands would make when it is first asked for.
  await parts.store.transaction(async (tx) => pageTokenKey(tx));
  return new PoolEngine(parts);
}

/** A queue with the lanes that take from it; `later` wakes them for what may wait for more. `isMaking`: the batch under way may make deliveries. */
type Track = { readonly queue: Queue; readonly lanes: readonly Lane[]; readonly later: LaterWake; isMaking: boolean };

/** `isGathered`: a claim may go along with its batches. */
type TrackKind = { readonly intent?: "read"; readonly directory?: Directory; readonly isGathered?: boolean };

class PoolEngine implements StoreEngine {
  readonly #parts: PoolEngineParts;
  readonly #tracks: Readonly<Record<Exclude<LaneKind, "write" | "settle">, Track>>;
  readonly #writeTracks: readonly Track[];
  readonly #listeners: Readonly<Record<HintTopic, Set<() => void>>> = {
    delivery: new Set(),
    due: new Set(),
    notice: new Set(),
    replay: new Set(),
  };
  readonly #gathering = new Set<(gathered: Gathered) => void>();
  /** Whose batch is being gathered: a claim that is asked for meanwhile goes along with it. */
  #gathered: Track | null = null;
  /** Claims that wait for the next batch of a lane that makes deliveries, to be its last command. */
  readonly #claims: Queue = [];
  #closing: Promise<void> | null = null;

  constructor(parts: PoolEngineParts) {
    this.#parts = parts;
    // Those who only read change no Home, so they share what they read of it.
    const directory = new Directory();
    const reader = (): Track => this.#track(limits.readLanes, { intent: "read", directory });
    this.#tracks = { read: reader(), claim: this.#track(1, {}), upkeep: this.#track(1, {}), nodes: this.#track(1, {}) };
    this.#writeTracks = Array.from({ length: limits.writeLanes }, () => this.#track(1, { isGathered: true }));
    parts.wire.onHint((topic) => this.#ring(topic));
  }

  run<N extends CommandName>(name: N, input: Input<N>): Promise<Output<N>> {
    if (this.#closing !== null) return Promise.reject(new EngineFault("the store is being closed", { retryable: true }));
    // The table of commands ties a name to its input and its output; the queues hold them all alike.
    const job = { name, input } as Job;
    const done: Promise<unknown> = job.name === "dispatch.settle" ? this.#settle(job.input) : this.#enqueue(job, this.#trackOf(job));
    return done as Promise<Output<N>>;
  }

  /** Settlements go through the lanes of their orgs' writes: there they share commits, and do not wait for each other's orgs. */
  async #settle({ settlements }: Input<"dispatch.settle">): Promise<Output<"dispatch.settle">> {
    const parts = Map.groupBy(settlements.keys(), (place) => this.#writeTrack(settlements[place]?.org ?? 0));
    const held: boolean[] = [];
    await Promise.all(
      [...parts].map(async ([track, places]) => {
        const own = settlements.filter((_, place) => parts.size === 1 || places.includes(place));
        const answer = await this.#enqueue({ name: "dispatch.settle", input: { settlements: own } }, track);
        for (const [index, isHeld] of (answer as Output<"dispatch.settle">).entries()) held[places[index] ?? 0] = isHeld;
      }),
    );
    return held;
  }

  #enqueue(job: Job, track: Track): Promise<Output<CommandName>> {
    const { queue } = track;
    if (queue.length >= limits.queuedCommandsMax) {
      return Promise.reject(new EngineFault(`${String(limits.queuedCommandsMax)} commands wait already`, { retryable: true }));
    }
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { job, resolve, reject: (reply) => reject(faultOf(reply)) };
      if (job.name === "dispatch.claim" && this.#gathered === null && this.#isMaking) {
        this.#claims.push(waiting);
        return;
      }
      if (!joinSettling(queue, waiting)) queue.push(waiting);
      const waitMs = job.name === "dispatch.settle" ? settleWaitMs(job.input) : 0;
      if (waitMs > 0) track.later.at(this.#parts.clock.now() + waitMs);
      else wake(track);
    });
  }

  /** The furthest that any lane is. */
  get stage(): WriterStage {
    const stages = this.#allTracks.flatMap(({ lanes }) => lanes.map((lane) => writerStages.indexOf(lane.stage)));
    return writerStages[Math.max(...stages)] ?? "idle";
  }

  get queued(): number {
    return this.#allTracks.reduce((sum, { queue }) => sum + queue.length, 0);
  }

  onHint(listener: () => void, topic: HintTopic = "delivery"): () => void {
    const listeners = this.#listeners[topic];
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }

  onGathering(listener: (gathered: Gathered) => void): () => void {
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
    for (const track of this.#allTracks) if (track.queue.length > 0) wake(track);
    for (const { lanes } of this.#allTracks) for (const lane of lanes) await lane.idle();
    await this.#parts.wire.close();
    await this.#parts.store.close();
  }

  get #allTracks(): readonly Track[] {
    return [...Object.values(this.#tracks), ...this.#writeTracks];
  }

  #track(count: number, { isGathered = false, ...own }: TrackKind): Track {
    const { store, clock, guard, random, failingMs, stopwatch } = this.#parts;
    const queue: Queue = [];
    const openLane = (): Lane =>
      new Lane({
        queue,
        openExecutor: (onStage) =>
          new Executor({ store, guard, schedule: standardSchedule, random, failingMs, stopwatch, onStage, ...own }),
        now: () => clock.now(),
        onGathering: () => (isGathered ? this.#gather(track) : undefined),
        onDone: (done) => this.#finish(done),
        onIdle: () => this.#claimAlone(),
      });
    const later = new LaterWake(clock, () => wake(track));
    const track: Track = { queue, lanes: Array.from({ length: count }, openLane), later, isMaking: false };
    return track;
  }

  /** A claim goes along with what makes deliveries. A batch that only ends them keeps its org from the others, and is not to do so for longer. */
  #gather(track: Track): void {
    track.isMaking = track.queue.some(mayMake);
    if (!track.isMaking) this.#claimAlone();
    this.#gathered = track;
    // One claim a batch: one that waits takes what the batch makes.
    if (this.#claims.length === 0) for (const listener of this.#gathering) listener(track.isMaking ? "making" : "ending");
    this.#gathered = null;
    if (track.isMaking) track.queue.push(...this.#claims.splice(0));
  }

  /** Where no lane makes deliveries any more, claims go alone. */
  #claimAlone(): void {
    if (this.#claims.length === 0 || this.#isMaking) return;
    const { queue, lanes } = this.#tracks.claim;
    queue.push(...this.#claims.splice(0));
    lanes[0]?.wake();
  }

  get #isMaking(): boolean {
    return this.#writeTracks.some(({ queue, lanes, isMaking }) => (isMaking && lanes.some((lane) => !lane.isIdle)) || queue.some(mayMake));
  }

  #trackOf(job: Job): Track {
    if (job.name === "dispatch.claim" && this.#gathered !== null) return this.#gathered;
    const kind = laneOf[job.name];
    if (kind !== "write" && kind !== "settle") return this.#tracks[kind];
    return this.#writeTrack("caller" in job.input ? job.input.caller.org : 0);
  }

  #writeTrack(org: OrgKey): Track {
    return this.#writeTracks[org % this.#writeTracks.length] ?? this.#tracks.upkeep;
  }

  #finish(done: BatchDone): void {
    this.#parts.onBatch(done.report);
    const { wire } = this.#parts;
    if (done.isDeliveryDue) this.#ring("delivery");
    if (done.isClaimDue) this.#ring("due");
    if (done.isNoticeDue) this.#ring("notice");
    if (done.isAnyLeft) wire.send("due");
    if (done.isNoticeDue) wire.send("notice");
  }

  #ring(topic: HintTopic): void {
    for (const listener of this.#listeners[topic]) listener();
  }
}

/** Whether the command may make deliveries. */
function mayMake({ job }: Waiting): boolean {
  return job.name !== "dispatch.settle";
}

function wake({ lanes, later }: Track): void {
  later.cancel();
  (lanes.find((lane) => lane.isIdle) ?? lanes[0])?.wake();
}

/** How long settlements may wait for others to go along: a part of what the shortest of their attempts took, so that nothing behind them waits much longer for it. */
function settleWaitMs({ settlements }: Input<"dispatch.settle">): number {
  const tookMs = Math.min(...settlements.map(({ attempt }) => attempt?.durationMs ?? 0));
  return Math.min(limits.settleWaitMsMax, Math.floor(tookMs / limits.attemptTimePerSettleWait));
}
