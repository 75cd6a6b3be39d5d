/**
 * Every write that changes what a Home is read from raises its org's epoch, so that the other processes read theirs again; and every one that ends
 * a token or changes a user raises that of its access, so that they ask again who a token stands for.
 */
import type { Tx } from "../store.ts";
import type { OrgStates } from "./org-states.ts";
import { type Method, wrapped } from "./wrapped.ts";

type HomeRows = Pick<Tx, "orgs" | "metadata" | "channels" | "retention" | "credentials">;

/** The row groups, with those of their methods that change Homes telling the transaction's orgs of it. */
export function raising(states: OrgStates, { orgs, metadata, channels, retention, credentials }: HomeRows): HomeRows {
  const raised =
    (write: Method): Method =>
    async (...asked) => {
      await states.raise(orgAsked(asked));
      return write(...asked);
    };
  const ending =
    (write: Method): Method =>
    async (...asked) => {
      await states.raiseAccess(orgAsked(asked));
      return write(...asked);
    };
  const fields = ["insertField", "updateField", "removeField"] as const;
  return {
    orgs: wrapped(wrapped(orgs, ["insertUser", "updateUser"], raised), ["updateUser"], ending),
    credentials: wrapped(credentials, ["deleteAccessToken", "revokeClient"], ending),
    metadata: wrapped(metadata, ["insertModule", "updateModule", "removeModule", ...fields, "touch"], raised),
    channels: wrapped(channels, ["put", "remove", "setHealth"], raised),
    retention: {
      ...retention,
      purgeChannels: async (order) => {
        const keys = await retention.purgeChannels(order);
        if (keys.length > 0) await states.raise(order.org);
        return keys;
      },
    },
  };
}

/** The first argument, or the org of the row that it is. */
function orgAsked([first]: readonly unknown[]): number {
  const org: unknown = typeof first === "object" && first !== null && "org" in first ? first.org : first;
  if (typeof org !== "number") throw new Error("invariant broken: a write of a Home's rows names no org");
  return org;
}
