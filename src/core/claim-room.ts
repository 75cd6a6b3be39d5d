/**
 * How much one claim may take, and for whom: so that one org, one host or one channel that holds all it may have leaves the rest to
 * the others. Dispatch says what is left of each bound; the store takes no more than that.
 */
import type { Claim } from "./attempt.ts";
import { limits } from "./limits.ts";
import type { OrgKey } from "./org.ts";

export type ClaimRoom = {
  /** What those that are not named below may be given in this claim. */
  readonly perOrg: number;
  readonly perOrigin: number;
  readonly perChannel: number;
  /** 0 leaves it out. */
  readonly orgs: readonly (readonly [org: OrgKey, room: number])[];
  readonly origins: readonly (readonly [origin: string, room: number])[];
  readonly channels: readonly (readonly [channelKey: number, room: number])[];
  /** The channels that are not even looked at, by org. */
  readonly skipped: readonly (readonly [org: OrgKey, channelKeys: readonly number[]])[];
};

/** A channel with something due of which nothing, or not all, was taken, because its origin had no room left. */
export type PassedOver = { readonly org: OrgKey; readonly channelKey: number; readonly origin: string };

/** Those of which it does not matter when they fall due. */
export type Skipped = { readonly orgs: readonly OrgKey[]; readonly channelKeys: readonly number[] };

/** Nothing is in hand. */
export const wholeRoom: ClaimRoom = {
  perOrg: limits.deliveriesInFlightPerOrgMax * limits.claimsPerSlotMax,
  perOrigin: limits.deliveriesInFlightPerOriginMax * limits.claimsPerSlotMax,
  perChannel: limits.deliveriesInFlightPerChannelMax * limits.claimsPerSlotMax,
  orgs: [],
  origins: [],
  channels: [],
  skipped: [],
};

/** What is left while a claim takes. */
export class RoomLeft {
  readonly #room: ClaimRoom;
  readonly #orgs: Map<OrgKey, number>;
  readonly #origins: Map<string, number>;
  readonly #channels: Map<number, number>;

  constructor(room: ClaimRoom) {
    this.#room = room;
    this.#orgs = new Map(room.orgs);
    this.#origins = new Map(room.origins);
    this.#channels = new Map(room.channels);
  }

  ofOrg(org: OrgKey): number {
    return this.#orgs.get(org) ?? this.#room.perOrg;
  }

  ofOrigin(origin: string): number {
    return this.#origins.get(origin) ?? this.#room.perOrigin;
  }

  ofChannel(channelKey: number): number {
    return this.#channels.get(channelKey) ?? this.#room.perChannel;
  }

  take({ org, origin, channelKey, count }: { org: OrgKey; origin: string; channelKey: number; count: number }): void {
    this.#orgs.set(org, this.ofOrg(org) - count);
    this.#origins.set(origin, this.ofOrigin(origin) - count);
    this.#channels.set(channelKey, this.ofChannel(channelKey) - count);
  }
}

/** The orgs that have no room left after the claim. */
export function fullOrgs(room: ClaimRoom, claims: readonly Claim[]): readonly OrgKey[] {
  const left = new RoomLeft(room);
  for (const { org, channelKey } of claims) left.take({ org, origin: "", channelKey, count: 1 });
  const seen = new Set([...room.orgs.map(([org]) => org), ...claims.map(({ org }) => org)]);
  return [...seen].filter((org) => left.ofOrg(org) <= 0);
}
