/**
 * The claims in hand, one lane a channel. A lane runs a bounded number of attempts and lets the rest wait, so that a receiver that
 * answers slowly holds its own lane's slots and no more; a lane that is full is left out of the next claim.
 *
 *   add ──► waiting ──► running ──► gone          a lane waits only while it runs as many as it may, or all slots are taken
 *                take        leave
 */
import type { Claim } from "../core/attempt.ts";
import { assert } from "../core/assert.ts";

export type LaneLimits = { readonly deliveriesInFlightMax: number; readonly deliveriesInFlightPerChannelMax: number };

type Lane = { running: number; readonly waiting: Claim[] };

export class Lanes {
  readonly #limits: LaneLimits;
  readonly #lanes = new Map<number, Lane>();
  #running = 0;

  constructor(limits: LaneLimits) {
    this.#limits = limits;
  }

  /** How many attempts may begin now. */
  get freeSlots(): number {
    return this.#limits.deliveriesInFlightMax - this.#running;
  }

  channelKeys(): readonly number[] {
    return [...this.#lanes.keys()];
  }

  /** The channels that have as much in hand as they may run. */
  fullChannelKeys(): readonly number[] {
    const full: number[] = [];
    for (const channelKey of this.#lanes.keys()) {
      if (this.isFull(channelKey)) full.push(channelKey);
    }
    return full;
  }

  isFull(channelKey: number): boolean {
    const lane = this.#lanes.get(channelKey);
    return lane !== undefined && lane.running + lane.waiting.length >= this.#limits.deliveriesInFlightPerChannelMax;
  }

  add(claim: Claim): void {
    const lane = this.#lanes.get(claim.channelKey);
    if (lane === undefined) this.#lanes.set(claim.channelKey, { running: 0, waiting: [claim] });
    else lane.waiting.push(claim);
  }

  /** The channel's next claim, from now on running; null when none waits or no slot is free. */
  take(channelKey: number): Claim | null {
    const lane = this.#lanes.get(channelKey);
    if (lane === undefined || lane.running >= this.#limits.deliveriesInFlightPerChannelMax || this.freeSlots <= 0) return null;
    const claim = lane.waiting.shift();
    if (claim === undefined) return null;
    lane.running += 1;
    this.#running += 1;
    return claim;
  }

  /** Ends the run of a claim that was taken. */
  leave(channelKey: number): void {
    const lane = this.#lanes.get(channelKey);
    assert(lane !== undefined && lane.running > 0, "only a running claim leaves its lane");
    lane.running -= 1;
    this.#running -= 1;
    if (lane.running === 0 && lane.waiting.length === 0) this.#lanes.delete(channelKey);
  }

  /** Takes out all that waits. */
  takeWaiting(): readonly Claim[] {
    const waiting: Claim[] = [];
    for (const [channelKey, lane] of this.#lanes) {
      waiting.push(...lane.waiting.splice(0));
      if (lane.running === 0) this.#lanes.delete(channelKey);
    }
    return waiting;
  }
}
