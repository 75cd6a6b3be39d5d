/**
 * Dispatch as events on a clock: deliveries fall due by chance, each takes a slot of the node and one of its channel for as long as its receiver takes, or waits for both. It knows
 * nothing of the formulas in `model.ts`; what both say is compared.
 */
import { Random } from "../fuzz/random.ts";

export type Dispatch = {
  readonly seed: number;
  readonly slots: number;
  readonly slotsPerChannel: number;
  /** Deliveries a second of each channel. */
  readonly channels: readonly number[];
  /** How long the receiver takes for one, in ms. */
  readonly holdMs: (random: Random) => number;
  readonly forMs: number;
};

export type Dispatched = {
  /** Slots busy on the mean, deliveries that waited, their mean wait over all, and deliveries a second that ended, by channel. */
  readonly busy: number;
  readonly waitShare: number;
  readonly meanWaitMs: number;
  readonly endedPerSecond: readonly number[];
};

export function exponential(random: Random, meanMs: number): number {
  return -Math.log(1 - random.next()) * meanMs;
}

type Event = { readonly atMs: number; readonly channel: number; readonly isEnd: boolean };

/** A heap of events, the earliest on top. */
class Agenda {
  readonly #events: Event[] = [];

  add(event: Event): void {
    const events = this.#events;
    let at = events.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = events[parent];
      if (above === undefined || above.atMs <= event.atMs) break;
      events[at] = above;
      at = parent;
    }
    events[at] = event;
  }

  take(): Event | undefined {
    const events = this.#events;
    const [first] = events;
    const last = events.pop();
    if (last === undefined || events.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      const [left, right] = [events[child], events[child + 1]];
      if (left === undefined) break;
      if (right !== undefined && right.atMs < left.atMs) child += 1;
      const least = events[child];
      if (least === undefined || least.atMs >= last.atMs) break;
      events[at] = least;
      at = child;
    }
    events[at] = last;
    return first;
  }
}

export function simulateDispatch(run: Dispatch): Dispatched {
  const random = new Random(run.seed);
  const agenda = new Agenda();
  const inFlight = run.channels.map(() => 0);
  const ended = run.channels.map(() => 0);
  const queues: { readonly dueAt: number[]; head: number }[] = run.channels.map(() => ({ dueAt: [], head: 0 }));
  // Channels with something due and a slot of their own free take turns.
  const turns: number[] = [];
  let turnsHead = 0;
  const isInTurns = run.channels.map(() => false);
  let [busy, busyMs, lastMs, started, waited, waitMs] = [0, 0, 0, 0, 0, 0];

  const arrive = (channel: number, fromMs: number): void => {
    const perSecond = run.channels[channel] ?? 0;
    if (perSecond > 0) agenda.add({ atMs: fromMs + exponential(random, 1_000 / perSecond), channel, isEnd: false });
  };
  const queueUp = (channel: number): void => {
    const queue = queues[channel];
    const isReady = queue !== undefined && queue.head < queue.dueAt.length && (inFlight[channel] ?? 0) < run.slotsPerChannel;
    if (!isReady || isInTurns[channel] === true) return;
    isInTurns[channel] = true;
    turns.push(channel);
  };
  const start = (nowMs: number): void => {
    while (busy < run.slots && turnsHead < turns.length) {
      const channel = turns[turnsHead++] ?? 0;
      isInTurns[channel] = false;
      const queue = queues[channel];
      const dueAtMs = queue?.dueAt[queue.head];
      if (queue === undefined || dueAtMs === undefined) continue;
      queue.head += 1;
      busy += 1;
      inFlight[channel] = (inFlight[channel] ?? 0) + 1;
      started += 1;
      waitMs += nowMs - dueAtMs;
      if (nowMs > dueAtMs) waited += 1;
      agenda.add({ atMs: nowMs + run.holdMs(random), channel, isEnd: true });
      queueUp(channel);
    }
  };

  for (const channel of run.channels.keys()) arrive(channel, 0);
  for (let event = agenda.take(); event !== undefined && event.atMs < run.forMs; event = agenda.take()) {
    const { atMs, channel, isEnd } = event;
    busyMs += busy * (atMs - lastMs);
    lastMs = atMs;
    if (isEnd) {
      busy -= 1;
      inFlight[channel] = (inFlight[channel] ?? 0) - 1;
      ended[channel] = (ended[channel] ?? 0) + 1;
    } else {
      queues[channel]?.dueAt.push(atMs);
      arrive(channel, atMs);
    }
    queueUp(channel);
    start(atMs);
  }
  return {
    busy: busyMs / lastMs,
    waitShare: waited / started,
    meanWaitMs: waitMs / started,
    endedPerSecond: ended.map((count) => (count * 1_000) / lastMs),
  };
}

/** The fullest of so many shards when each org goes to one by chance, as a multiple of the mean; on the mean of so many spreads. */
export function simulateShards(shares: Float64Array, shards: number, { seed, times }: { seed: number; times: number }): number {
  const random = new Random(seed);
  let sum = 0;
  for (let time = 0; time < times; time += 1) {
    const loads = new Float64Array(shards);
    for (const share of shares) {
      const shard = random.below(shards);
      loads[shard] = (loads[shard] ?? 0) + share;
    }
    sum += Math.max(...loads) * shards;
  }
  return sum / times;
}
