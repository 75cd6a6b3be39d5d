/** What handing out, settling and cancelling must come to. */
import type { Settlement } from "../../src/core/attempt.ts";
import type { Input, Output } from "../../src/app/commands.ts";
import { check } from "./invariant-broken.ts";
import type { Auditor } from "./invariants.ts";
import { type Delivery, describe, isEnd } from "./ledger.ts";
import type { ModelChannel } from "./model.ts";
import type { Move } from "./simulated-store.ts";

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
/** The waits between ten attempts, as docs/operations.md has them, each varied by a fifth. */
const waitsMs = [5 * secondMs, 5 * minuteMs, ...[0.5, 2, 5, 10, 14, 20, 24].map((hours) => hours * hourMs)];
const jitter = 0.2;
const retryAfterMaxMs = 24 * hourMs;
/** The longest that a channel is left alone. */
const releasedMsMax = hourMs;

type Claimed = {
  readonly input: Input<"dispatch.claim">;
  readonly output: Output<"dispatch.claim">;
  readonly moves: readonly Move[];
  readonly now: number;
};

export function checkClaims(auditor: Auditor, { input, output, moves, now }: Claimed): void {
  const eligible = eligibleChannels(auditor, { input, output, now });
  checkRoom({ input, output });
  const tokens = new Map(output.claims.map((claim) => [claim.deliveryId, claim.claimToken]));
  check(tokens.size === moves.length, "I8", `a claim says that it took ${tokens.size}, and took ${moves.length}`);
  check(tokens.size <= input.limit, "I5", `a claim took ${tokens.size}, and was to take ${input.limit}`);
  for (const move of moves) {
    const delivery = auditor.deliveryOf(move);
    const isFromTable = move.status === "claimed" && (move.old_status === "pending" || move.old_status === "claimed");
    check(isFromTable && tokens.get(move.id) === move.token, "I9", `${describe(delivery)} was claimed and became ${String(move.status)}`);
    check((move.old_due_at ?? Infinity) <= now, "I2", `${describe(delivery)} was claimed before it was due, or while another claim held`);
    check(move.due_at === now + input.leaseMs, "I9", `${describe(delivery)} has a lease of another length`);
    check(delivery.channel.state === "active", "I3", `${describe(delivery)} was claimed while its channel is ${delivery.channel.state}`);
    const before = auditor.ledger.predecessor(delivery);
    check(before === null, "I4", `${describe(delivery)} was claimed before ${before === null ? "" : describe(before)}`);
    if (move.old_status === "claimed") {
      auditor.counts.claimsRenewed += 1;
      const isExcused = auditor.disturbances > delivery.disturbancesAtClaim || endedLate(delivery);
      check(isExcused, "I7", `${describe(delivery)} was claimed again, and nothing had happened to its first claim`);
    }
    auditor.ledger.follow(delivery, move);
    delivery.disturbancesAtClaim = auditor.disturbances;
    delivery.postsOfClaim = 0;
    delivery.postEndedAt = null;
  }
  if (auditor.isSetBack(now)) return;
  const served = new Set(output.claims.map((claim) => claim.channelKey));
  countTurns(auditor, { eligible, served, isFull: output.claims.length >= input.limit });
}

/** Whether the POST took so long that its settlement may not have landed before the lease ended. */
function endedLate({ postEndedAt, dueAt }: Delivery): boolean {
  return postEndedAt !== null && dueAt !== null && dueAt - postEndedAt < secondMs;
}

/** The channels from which this claim may take something. */
function eligibleChannels(auditor: Auditor, { input, output, now }: Omit<Claimed, "moves">): readonly ModelChannel[] {
  const skipped = new Set(input.room.skipped.flatMap(([, channelKeys]) => channelKeys));
  const { orgs, origins } = roomAfter({ input, output });
  return auditor.ledger.channels().filter((channel) => {
    if (channel.state !== "active" || channel.key === null || skipped.has(channel.key)) return false;
    if (orgs.get(channel.org) === 0 || [...channel.origins].some((origin) => origins.get(origin) === 0)) return false;
    return auditor.ledger.openOf(channel).some((delivery) => delivery.dueAt !== null && delivery.dueAt <= now);
  });
}

type Asked = Pick<Claimed, "input" | "output">;

/** What the claim left of the room that it had; an org or an origin that is missing had all that it could want. */
function roomAfter({ input: { room }, output: { claims } }: Asked) {
  const [orgs, origins, channels] = [new Map(room.orgs), new Map(room.origins), new Map(room.channels)];
  for (const { org, notifyUrl, channelKey } of claims) {
    const origin = new URL(notifyUrl).origin;
    orgs.set(org, (orgs.get(org) ?? room.perOrg) - 1);
    origins.set(origin, (origins.get(origin) ?? room.perOrigin) - 1);
    channels.set(channelKey, (channels.get(channelKey) ?? room.perChannel) - 1);
  }
  return { orgs, origins, channels };
}

function checkRoom(asked: Asked): void {
  for (const [name, left] of Object.entries(roomAfter(asked))) {
    for (const [key, room] of left) check(room >= 0, "I5", `a claim took ${-room} more than there was room for ${name} ${key}`);
  }
}

type Turn = { readonly eligible: readonly ModelChannel[]; readonly served: ReadonlySet<number>; readonly isFull: boolean };

/**
 * A full claim serves at least one channel of at least one org; orgs take turns, and a channel that was served goes behind those of its org that
 * wait. So a channel waits for as many claims as there are orgs with something due, times the channels of its own org that have, and one
 * more, for those that became due in the very same instant.
 */
function countTurns(auditor: Auditor, { eligible, served, isFull }: Turn): void {
  const waiting = Map.groupBy(eligible, (channel) => channel.org);
  const { passedOver } = auditor;
  const next = new Map<ModelChannel, { readonly turns: number; readonly allowed: number }>();
  auditor.passedOver = next;
  for (const channel of eligible) {
    const what = `channel ${channel.channelId} of org ${channel.org}`;
    if (channel.key !== null && served.has(channel.key)) continue;
    check(isFull, "I6", `${what} has something due, and a claim that had room for it left it out`);
    const before = passedOver.get(channel) ?? { turns: 0, allowed: 0 };
    const allowed = Math.max(before.allowed, waiting.size * ((waiting.get(channel.org)?.length ?? 0) + 1));
    const turns = before.turns + 1;
    next.set(channel, { turns, allowed });
    auditor.counts.passedOverMost = Math.max(auditor.counts.passedOverMost, turns);
    check(turns <= allowed, "I6", `${what} was passed over by ${turns} claims, and ${allowed} are fair`);
  }
}

type Settled = {
  readonly settlements: readonly Settlement[];
  readonly held: readonly boolean[];
  readonly moves: readonly Move[];
  readonly now: number;
};

export function checkSettled(auditor: Auditor, { settlements, held, moves, now }: Settled): void {
  const valid = new Map<number, Settlement>();
  for (const [index, settlement] of settlements.entries()) {
    const delivery = auditor.ledger.deliveries.get(settlement.deliveryId);
    const holds = delivery?.status === "claimed" && delivery.token === settlement.claimToken;
    const what = delivery === undefined ? `delivery ${settlement.deliveryId}` : describe(delivery);
    check(held[index] === holds, "I2", `${what} was settled by a claim that ${holds ? "held, and was refused" : "did not hold"}`);
    if (holds) valid.set(settlement.deliveryId, settlement);
    else auditor.counts.staleSettlements += 1;
  }
  for (const move of moves) {
    const delivery = auditor.deliveryOf(move);
    if (move.old_status === "waiting") {
      const before = auditor.ledger.predecessor(delivery);
      check(move.status === "pending", "I9", `${describe(delivery)} became ${String(move.status)} by a settlement of another`);
      check(before === null, "I4", `${describe(delivery)} was let go before ${before === null ? "" : describe(before)}`);
    } else {
      const settlement = valid.get(move.id);
      check(
        settlement !== undefined && move.old_token === settlement.claimToken,
        "I2",
        `${describe(delivery)} was settled by nobody who held it`,
      );
      if (settlement !== undefined) checkEnd({ delivery, settlement, move, now });
    }
    auditor.ledger.follow(delivery, move);
  }
  for (const settlement of valid.values()) {
    const delivery = auditor.ledger.deliveries.get(settlement.deliveryId);
    if (delivery === undefined) continue;
    check(delivery.token !== settlement.claimToken, "I9", `${describe(delivery)} was settled and did not move`);
    auditor.model.noteEnd(delivery.channel, settlement.end, now);
  }
}

function checkEnd({ delivery, settlement, move, now }: { delivery: Delivery; settlement: Settlement; move: Move; now: number }): void {
  const { end, retryAfterMs } = settlement;
  const what = `${describe(delivery)} after ${end}`;
  const attempts = delivery.attempts + (end === "released" ? 0 : 1);
  check(move.attempts === attempts, "I9", `${what} counts ${String(move.attempts)} attempts`);
  const waitMs = waitsMs[attempts - 1];
  const isLast = end === "gone" || waitMs === undefined;
  const next = end === "released" ? "pending" : end === "delivered" ? "delivered" : isLast ? "dead" : "pending";
  check(move.status === next, "I9", `${what} and ${attempts} attempts became ${String(move.status)}`);
  if (isEnd(next)) return;
  const waited = (move.due_at ?? 0) - now;
  if (end === "released") {
    const isAsSaid = waited === (retryAfterMs ?? 0) && waited <= releasedMsMax;
    return check(isAsSaid, "I9", `${what} waits ${waited} ms`);
  }
  const shortest = Math.max((waitMs ?? 0) * (1 - jitter), Math.min(retryAfterMs ?? 0, retryAfterMaxMs)) - 1;
  const longest = Math.max((waitMs ?? 0) * (1 + jitter), (retryAfterMs ?? 0) + (waitMs ?? 0) * jitter * (1 + jitter)) + 1;
  check(waited >= shortest && waited <= longest, "I9", `${what} and ${attempts} attempts waits ${waited} ms`);
}

type Cancelled = {
  readonly cancelled: readonly { readonly channel: ModelChannel; readonly module: string }[];
  readonly moves: readonly Move[];
};

/** What was given up is cancelled, all of it and nothing else. */
export function checkCancelled(auditor: Auditor, { cancelled, moves }: Cancelled): void {
  for (const move of moves) {
    const delivery = auditor.deliveryOf(move);
    const isMeant = cancelled.some(({ channel, module }) => channel === delivery.channel && module === delivery.module);
    check(isMeant && move.status === "cancelled", "I1", `${describe(delivery)} became ${String(move.status)} and nobody gave it up`);
    auditor.ledger.follow(delivery, move);
  }
  for (const { channel, module } of cancelled) {
    const left = auditor.ledger.openOf(channel).find((delivery) => delivery.module === module);
    check(left === undefined, "I3", `${left === undefined ? "" : describe(left)} is still owed to a channel that gave it up`);
  }
}
