/** A record to show a newcomer: the first Deal that the client may see. */
import type { Engine } from "../app/commands.ts";
import type { Id } from "../core/ids.ts";
import { readId } from "../core/ids.ts";
import type { SeedClient } from "../core/seed.ts";

/** The id of the oldest Deal; null when there is none, or when the client has no refresh token to ask with. */
export async function findExampleDeal(engine: Engine, client: SeedClient): Promise<Id | null> {
  if (client.refreshToken === null) return null;
  const issued = await engine.run("oauth.token", {
    grantType: "refresh_token",
    clientId: client.clientId,
    clientSecret: client.clientSecret,
    refreshToken: client.refreshToken,
    code: null,
    redirectUri: null,
    scope: null,
    soid: null,
    isThrottled: false,
  });
  if (!issued.ok) return null;
  const caller = await engine.run("auth.principal", { accessToken: issued.value.accessToken });
  if (caller === null) return null;
  const deals = await engine.run("records.list", {
    caller,
    module: "Deals",
    fields: ["Deal_Name"],
    ids: null,
    sortBy: "id",
    sortOrder: "asc",
    page: { page: 1, perPage: 1 },
  });
  const [first] = deals.ok ? deals.value.rows : [];
  return typeof first === "object" && first !== null && "id" in first ? readId(first.id) : null;
}
