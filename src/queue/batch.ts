/**
 * What a message of the broker says: deliveries that were claimed together, without what is secret of their channels. Whoever holds the
 * message holds the claims, as far as the store says so.
 */
import { type Claim, textLengthOf } from "../core/attempt.ts";
import { operations } from "../core/channel.ts";
import { limits } from "../core/limits.ts";

/** A claim without what all of its batch have in common, and without its channel's target. */
export type BatchedDelivery = Omit<Claim, "claimToken" | "leaseUntil" | "notifyUrl" | "token" | "secret" | "previousSecret">;

export type DeliveryBatch = {
  readonly claimToken: string;
  readonly claimedAt: number;
  readonly leaseUntil: number;
  readonly deliveries: readonly BatchedDelivery[];
};

/** Claims of one shard that fit into a message. */
export type Parcel = { readonly shard: number; readonly claims: readonly Claim[] };

/** Which of the broker's subjects an org's deliveries go through. */
export function shardOf(org: number): number {
  return org % limits.queueShards;
}

/** In their order, as many together as may be. */
export function parcelsOf(claims: readonly Claim[]): readonly Parcel[] {
  const full: Parcel[] = [];
  const open = new Map<number, { claims: Claim[]; textLength: number }>();
  for (const claim of claims) {
    const shard = shardOf(claim.org);
    const length = textLengthOf(claim) + entryLength;
    const parcel = open.get(shard);
    const isRoom =
      parcel !== undefined && parcel.claims.length < limits.batchDeliveriesMax && parcel.textLength + length <= limits.batchTextMax;
    if (isRoom) {
      parcel.claims.push(claim);
      parcel.textLength += length;
      continue;
    }
    if (parcel !== undefined) full.push({ shard, claims: parcel.claims });
    open.set(shard, { claims: [claim], textLength: length });
  }
  return [...full, ...[...open].map(([shard, parcel]) => ({ shard, claims: parcel.claims }))];
}

/** About what an entry takes besides its texts. */
const entryLength = 150;

/** The form of the message; another is not read. */
const form = 1;

export function writeBatch(claims: readonly Claim[], claimedAt: number): string {
  const [first] = claims;
  return JSON.stringify([form, first?.claimToken, claimedAt, first?.leaseUntil, claims.map(entryOf)]);
}

function entryOf(claim: Claim): readonly unknown[] {
  return [
    claim.org,
    claim.deliveryId,
    claim.attemptsMade,
    claim.committedAt,
    claim.channelKey,
    claim.channelId,
    claim.orgEpoch,
    claim.module,
    claim.operation,
    claim.recordIds,
    claim.affectedFields,
    claim.affectedValues,
    claim.notificationId,
    Number(claim.isReplay),
    Number(claim.isTest),
    claim.body,
  ];
}

/** null: it is none of ours. */
export function readBatch(text: string): DeliveryBatch | null {
  const parts = parse(text);
  if (!Array.isArray(parts)) return null;
  const [said, claimToken, claimedAt, leaseUntil, entries] = parts as unknown[];
  if (said !== form || typeof claimToken !== "string" || !isNumber(claimedAt)) return null;
  if (!isNumber(leaseUntil) || !Array.isArray(entries)) return null;
  const deliveries = entries.flatMap((entry: unknown) => readEntry(entry) ?? []);
  return deliveries.length === entries.length ? { claimToken, claimedAt, leaseUntil, deliveries } : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Expected: somebody else wrote it.
    return null;
  }
}

function readEntry(entry: unknown): BatchedDelivery | null {
  if (!Array.isArray(entry)) return null;
  const [org, deliveryId, attemptsMade, committedAt, channelKey, channelId, orgEpoch, module, operation, ...more] = entry as unknown[];
  const [recordIds, affectedFields, affectedValues, notificationId, isReplay, isTest, body] = more;
  const known = operations.find((each) => each === operation);
  if (!isNumber(org) || !isNumber(deliveryId) || !isNumber(attemptsMade) || !isNumber(committedAt) || !isNumber(channelKey)) return null;
  if (typeof channelId !== "string" || !isNumber(orgEpoch) || typeof module !== "string" || known === undefined) return null;
  if (typeof recordIds !== "string" || typeof affectedFields !== "string" || !isTextOrNull(affectedValues)) return null;
  if (!isNumber(notificationId) || !isTextOrNull(body)) return null;
  const key = { org, deliveryId, attemptsMade, committedAt, channelKey, channelId, orgEpoch, module, operation: known };
  const content = { recordIds, affectedFields, affectedValues, notificationId, body };
  return { ...key, ...content, isReplay: isReplay === 1, isTest: isTest === 1 };
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === "string";
}
