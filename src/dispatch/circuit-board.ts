/**
 * Who may be sent to, as the circuits of origins and of channels have it: an attempt begins when both let it, and its end is told to both.
 * What the circuits and the lanes leave is the room of the next claim.
 */
import type { CircuitEvent } from "../core/circuit.ts";
import type { ClaimRoom, PassedOver } from "../core/claim-room.ts";
import type { Random } from "../core/clock.ts";
import type { OrgKey } from "../core/org.ts";
import type { Attempted } from "./attempt.ts";
import { ChannelOrigins } from "./channel-origins.ts";
import { type CircuitView, Circuits, type CircuitsOptions } from "./circuits.ts";
import type { DispatchLimits } from "./dispatch-limits.ts";
import type { InHand, Lanes } from "./lanes.ts";

/** Cool-downs vary by a fifth either way, so that targets that failed together are not tried together. */
const cooldownJitter = 0.2;

export type CircuitBoardOptions = {
  readonly random: Random;
  readonly limits: DispatchLimits;
  readonly onTurned: CircuitsOptions["onTurned"];
};

/** What an attempt's end did. */
export type Turned = { readonly isChanged: boolean; readonly isChannelOpen: boolean; readonly isOriginOpen: boolean };

export class CircuitBoard {
  readonly #limits: DispatchLimits;
  readonly #origins: Circuits<string>;
  readonly #channels: Circuits<number>;
  /** The orgs of the channels that have a circuit which is not closed. */
  readonly #orgs = new Map<number, OrgKey>();
  readonly #channelOrigins: ChannelOrigins;

  constructor({ random, limits, onTurned }: CircuitBoardOptions) {
    const { circuitsMax, circuitCooldownMs: cooldownMs, circuitCooldownMsMax: cooldownMsMax, channelRestMsMax: restMsMax } = limits;
    const rules = { cooldownMs, cooldownMsMax, jitter: cooldownJitter, restMsMax };
    const options = { random, circuitsMax, onTurned };
    this.#limits = limits;
    this.#origins = new Circuits({ ...options, kind: "origin", rules: { ...rules, failuresMax: limits.failuresPerOriginMax } });
    this.#channels = new Circuits({ ...options, kind: "channel", rules: { ...rules, failuresMax: limits.failuresPerChannelMax } });
    this.#channelOrigins = new ChannelOrigins(limits.channelOriginsMax);
  }

  /** Whether the attempt, for which the lanes have a slot, may be made; from then on it is under way. */
  begin(inHand: InHand, lanes: Lanes, now: number): boolean {
    const { claim, origin } = inHand;
    if (!this.#origins.admits(origin, now) || !this.#channels.admits(claim.channelKey, now)) return false;
    // The claim may have been on its way while the circuit opened, and what began before may still run: a probe is alone.
    const isProbed = { origin: this.#origins.get(origin) !== null, channel: this.#channels.get(claim.channelKey) !== null };
    const running = lanes.runningWith(inHand);
    if ((isProbed.origin && running.ofOrigin > 1) || (isProbed.channel && running.ofChannel > 1)) return false;
    // A closed circuit hears nothing new of it.
    if (isProbed.origin) this.#origins.hear(origin, { kind: "begun" }, now);
    if (isProbed.channel) this.#channels.hear(claim.channelKey, { kind: "begun" }, now);
    return true;
  }

  /** An attempt that was begun has ended; null: it told nothing. */
  end({ claim, origin }: InHand, attempted: Attempted | null, now: number): Turned {
    const ofOrigin = this.#origins.hear(origin, originEvent(attempted), now);
    const ofChannel = this.#channels.hear(claim.channelKey, channelEvent(attempted), now);
    if (ofChannel.state === "closed") this.#orgs.delete(claim.channelKey);
    else this.#noteOrg(claim.channelKey, claim.org);
    const isChanged = ofOrigin.isChanged || ofChannel.isChanged;
    return { isChanged, isChannelOpen: ofChannel.state === "open", isOriginOpen: ofOrigin.state === "open" };
  }

  /** How long what may not be sent is held, so that it is not claimed again at once. */
  holdMs({ claim, origin }: InHand, now: number): number {
    const untils = [this.#origins.get(origin)?.until, this.#channels.get(claim.channelKey)?.until];
    const until = Math.max(...untils.map((at) => at ?? 0));
    // While a probe is under way nobody knows until when.
    return until > now ? until - now : this.#limits.dispatchBackoffMs;
  }

  learn(passedOver: readonly PassedOver[]): void {
    for (const channel of passedOver) this.#channelOrigins.learn(channel);
  }

  /** What a claim may take now. */
  room(lanes: Lanes, now: number): ClaimRoom {
    const rooms = lanes.rooms();
    const origins = new Map(rooms.origins);
    for (const [origin, circuit] of this.#origins.unclosed()) {
      // The probe is alone: it waits until what began before has ended.
      const mayProbe = circuit.state === "open" && this.#origins.admits(origin, now) && !lanes.hasOrigin(origin);
      origins.set(origin, mayProbe ? 1 : 0);
    }
    const channels = [...rooms.channels];
    const skipped = new Map<OrgKey, number[]>();
    const skip = (org: OrgKey, channelKey: number): void => {
      const ofOrg = skipped.get(org);
      if (ofOrg === undefined) skipped.set(org, [channelKey]);
      else ofOrg.push(channelKey);
    };
    for (const { org, channelKey } of lanes.fullChannels()) skip(org, channelKey);
    for (const [channelKey, circuit] of this.#channels.unclosed()) {
      const mayProbe = circuit.state === "open" && this.#channels.admits(channelKey, now) && !lanes.hasChannel(channelKey);
      const org = this.#orgs.get(channelKey);
      if (mayProbe) channels.push([channelKey, 1]);
      else if (org !== undefined) skip(org, channelKey);
    }
    for (const [origin, room] of origins) {
      if (room === 0) for (const [channelKey, org] of this.#channelOrigins.of(origin)) skip(org, channelKey);
    }
    return { ...rooms, origins: [...origins], channels, skipped: [...skipped] };
  }

  /** When a circuit lets its next probe through; null: none waits for its time. */
  nextProbeAt(now: number): number | null {
    const instants = [this.#origins.nextProbeAt(now), this.#channels.nextProbeAt(now)].filter((at) => at !== null);
    return instants.length === 0 ? null : Math.min(...instants);
  }

  /** Whether either circuit of it is not closed. */
  isTroubled({ claim, origin }: InHand): boolean {
    return this.#origins.get(origin) !== null || this.#channels.get(claim.channelKey) !== null;
  }

  #noteOrg(channelKey: number, org: OrgKey): void {
    this.#orgs.set(channelKey, org);
    if (this.#orgs.size <= 2 * this.#limits.circuitsMax) return;
    // The rest was forgotten as circuits.
    for (const known of this.#orgs.keys()) if (this.#channels.get(known) === null) this.#orgs.delete(known);
  }

  views(): readonly CircuitView[] {
    return [...this.#origins.views(), ...this.#channels.views()];
  }
}

/** Any answer shows that the origin is there. */
function originEvent(attempted: Attempted | null): CircuitEvent {
  if (attempted === null || attempted.entry.outcome === "refused_target") return { kind: "abandoned" };
  const { httpStatus, startedAt } = attempted.entry;
  return httpStatus === null ? { kind: "failed", startedAt, askedMs: null } : { kind: "succeeded" };
}

function channelEvent(attempted: Attempted | null): CircuitEvent {
  if (attempted === null) return { kind: "abandoned" };
  const { entry, retryAfterMs } = attempted;
  return entry.outcome === "delivered" ? { kind: "succeeded" } : { kind: "failed", startedAt: entry.startedAt, askedMs: retryAfterMs };
}
