/**
 * Rows that are found by something else than their org, such as a token by its digest or a channel by its key. A transaction that means to
 * write takes the org of what it found and reads again: what it goes on with stays so until its commit, as if it were alone.
 */
import type { Tx } from "../store.ts";
import type { OrgStates } from "./org-states.ts";
import { type Method, wrapped } from "./wrapped.ts";

type DoorRows = Pick<Tx, "orgs" | "credentials" | "channels" | "deliveries" | "replays">;
type OrgsOf = (found: unknown, asked: readonly unknown[]) => readonly unknown[];

export function heldBehindDoors(states: OrgStates, { orgs, credentials, channels, deliveries, replays }: DoorRows): DoorRows {
  /** The method, with the orgs of what it gives held. */
  const held =
    (orgsOf: OrgsOf) =>
    (read: Method): Method =>
    async (...asked) => {
      const found = await read(...asked);
      const keys = found === null ? [] : orgsOf(found, asked).filter((org) => typeof org === "number");
      return (await states.holdAllMeant(keys)) ? read(...asked) : found;
    };
  const byDigest = ["client", "refreshToken", "grant", "accessToken", "accessTokensLike"] as const;
  return {
    orgs: wrapped(orgs, ["orgByZgid"], held(keyOfOrg)),
    credentials: wrapped(credentials, byDigest, held(orgsOfRows)),
    channels: wrapped(channels, ["byKey", "withNoticeDue"], held(orgsOfRows)),
    deliveries: wrapped(deliveries, ["byId"], held(orgAsked)),
    replays: wrapped(replays, ["byId", "underWay"], held(orgsOfRows)),
  };
}

function keyOfOrg(found: unknown): readonly unknown[] {
  return [Reflect.get(Object(found), "key")];
}

/** Of a row, or of each of several. */
function orgsOfRows(found: unknown): readonly unknown[] {
  return [found].flat().map((row: unknown): unknown => Reflect.get(Object(row), "org"));
}

function orgAsked(_found: unknown, [org]: readonly unknown[]): readonly unknown[] {
  return [org];
}
