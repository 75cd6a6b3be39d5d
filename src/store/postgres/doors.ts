/**
 * Rows that are found by something else than their org, such as a token by its digest or a channel by its key. A transaction that means to
 * write takes the org of what it found and reads again: what it goes on with stays so until its commit, as if it were alone.
 */
import type { Awaitable, Tx } from "../store.ts";
import type { OrgStates } from "./org-states.ts";

type DoorRows = Pick<Tx, "orgs" | "credentials" | "channels" | "deliveries" | "replays">;

export function heldBehindDoors(states: OrgStates, rows: DoorRows): DoorRows {
  const { orgs, credentials, channels, deliveries, replays } = rows;
  /** `read`, with the orgs of what it gives held. */
  const held =
    <Asked extends readonly unknown[], T>(
      read: (...asked: Asked) => Awaitable<T>,
      orgsOf: (found: T, ...asked: Asked) => readonly number[],
    ) =>
    async (...asked: Asked): Promise<T> => {
      const found = await read(...asked);
      return (await states.holdAllMeant(orgsOf(found, ...asked))) ? read(...asked) : found;
    };
  const ofRow = (row: { readonly org: number } | null): readonly number[] => (row === null ? [] : [row.org]);
  const ofRows = (found: readonly { readonly org: number }[]): readonly number[] => found.map(({ org }) => org);
  const ofKey = (org: { readonly key: number } | null): readonly number[] => (org === null ? [] : [org.key]);
  const asAsked = (row: unknown, org: number): readonly number[] => (row === null ? [] : [org]);
  return {
    orgs: { ...orgs, orgByZgid: held(orgs.orgByZgid, ofKey) },
    credentials: {
      ...credentials,
      client: held(credentials.client, ofRow),
      refreshToken: held(credentials.refreshToken, ofRow),
      grant: held(credentials.grant, ofRow),
      accessToken: held(credentials.accessToken, ofRow),
      accessTokensLike: held(credentials.accessTokensLike, ofRows),
    },
    channels: { ...channels, byKey: held(channels.byKey, ofRow), withNoticeDue: held(channels.withNoticeDue, ofRows) },
    deliveries: { ...deliveries, byId: held(deliveries.byId, asAsked) },
    replays: { ...replays, byId: held(replays.byId, asAsked), underWay: held(replays.underWay, ofRows) },
  };
}
