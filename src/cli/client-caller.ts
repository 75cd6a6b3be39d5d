/** Whom a client of the seed stands for. */
import type { Engine } from "../app/commands.ts";
import type { Caller } from "../core/principal.ts";
import type { SeedClient } from "../core/seed.ts";

/** The user of the client's refresh token; null when it has none, or it was revoked. */
export async function findCaller(engine: Engine, client: SeedClient): Promise<Caller | null> {
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
  const principal = await engine.run("auth.principal", { accessToken: issued.value.accessToken });
  return principal === null ? null : { org: principal.org, userId: principal.userId };
}
