/** The token endpoint: a client exchanges a refresh token, a code or its own credentials for an access token (PROTOCOL E.3). */
import { limits } from "../core/limits.ts";
import type { IssuedToken, TokenError } from "../core/principal.ts";
import { type Result, ok, refuse } from "../core/result.ts";
import { commonScopes, readScopes } from "../wire/scopes.ts";
import type { AccessTokenRow, ClientRow, Holder } from "../store/ports/credentials.ts";
import type { Input, Output } from "./commands.ts";
import type { Context } from "./context.ts";
import { endAccessTokens, endRefreshToken } from "./end-tokens.ts";
import { digestOf, isDigestOf, newToken } from "./secrets.ts";

type Issued = Result<IssuedToken, TokenError>;
type Asked = { readonly context: Context; readonly client: ClientRow; readonly input: Input<"oauth.token"> };

const grants = {
  refresh_token: refresh,
  authorization_code: exchange,
  client_credentials: serveItself,
} as const satisfies Record<string, (asked: Asked) => Promise<Issued>>;

export async function issueToken(context: Context, input: Input<"oauth.token">): Promise<Output<"oauth.token">> {
  const grantType = grantTypeNamed(input.grantType);
  if (grantType === undefined) return refuse("unsupported_grant_type");
  const client = await liveClient(context, input.clientId ?? "");
  if (client === null) return refuse("invalid_client");
  if (!isDigestOf(input.clientSecret ?? "", client.secretDigest)) return refuse("invalid_client_secret");
  return grants[grantType]({ context, client, input });
}

/** The client, unless it was revoked; null: there is none that may ask. */
export async function liveClient(context: Context, clientId: string): Promise<ClientRow | null> {
  const client = await context.tx.credentials.client(clientId);
  return client?.revokedAt === null ? client : null;
}

/** The next number of the org's tokens and codes, which tells the older of two. */
export function takeTokenNumber(context: Context, org: number): Promise<number> | number {
  return context.tx.orgs.takeNumbers({ org, name: "token", start: 1, count: 1 });
}

function grantTypeNamed(name: string | null): keyof typeof grants | undefined {
  return name === "refresh_token" || name === "authorization_code" || name === "client_credentials" ? name : undefined;
}

async function refresh({ context, client, input }: Asked): Promise<Issued> {
  const token = await context.tx.credentials.refreshToken(digestOf(input.refreshToken ?? ""));
  if (token === null || token.clientId !== client.clientId) return refuse("invalid_code");
  return newAccess(context, { ...holderOf(token), scopes: token.scopes, refreshDigest: token.digest, isThrottled: input.isThrottled });
}

async function exchange({ context, client, input }: Asked): Promise<Issued> {
  const { credentials } = context.tx;
  const grant = await credentials.grant(digestOf(input.code ?? ""));
  const hasEnded = grant !== null && grant.expiresAt !== null && grant.expiresAt <= context.now;
  if (grant === null || grant.clientId !== client.clientId || grant.isUsed || hasEnded) return refuse("invalid_code");
  if (client.redirectUri !== null && input.redirectUri !== null && input.redirectUri !== client.redirectUri) {
    return refuse("invalid_redirect_uri");
  }
  const { scopes } = grant;
  const holder = holderOf(grant);
  const { isThrottled } = input;
  if (!grant.isOffline) {
    const issued = await newAccess(context, { ...holder, scopes, refreshDigest: null, isThrottled });
    if (issued.ok) await credentials.markGrantUsed(grant.org, grant.digest);
    return issued;
  }
  await credentials.markGrantUsed(grant.org, grant.digest);
  const refreshToken = newToken();
  const digest = digestOf(refreshToken);
  const number = await takeTokenNumber(context, grant.org);
  await credentials.insertRefreshToken({ ...holder, scopes, digest, number, createdAt: context.now });
  const pushedOut = await endOldRefreshTokens(context, holder);
  const issued = await newAccess(context, { ...holder, scopes, refreshDigest: digest, isThrottled });
  if (!issued.ok) return issued;
  return ok({ ...issued.value, refreshToken, endedDigests: [...issued.value.endedDigests, ...pushedOut] });
}

/** The grant of a client for itself: it stands for the user that the seed gave it, within the scopes of the two. */
async function serveItself({ context, client, input }: Asked): Promise<Issued> {
  if (client.userId === null) return refuse("unauthorized_client");
  const { org } = await context.directory.home(context.tx, client.org);
  if (input.soid !== null && input.soid.toLowerCase() !== `zohocrm.${org.zgid}`) return refuse("invalid_soid");
  const scopes = input.scope === null ? client.scopes : commonScopes(readScopes(input.scope), client.scopes);
  if (scopes.length === 0) return refuse("invalid_scope");
  const holder = { org: client.org, clientId: client.clientId, userId: client.userId };
  return newAccess(context, { ...holder, scopes, refreshDigest: null, isThrottled: input.isThrottled });
}

type NewAccess = Holder & Pick<AccessTokenRow, "scopes" | "refreshDigest"> & { readonly isThrottled: boolean };

/**
 * A new access token. Those of the same refresh token (or, without one, of the same user in the client) that have ended are removed,
 * and of the others all but the newest.
 */
export async function newAccess(context: Context, { isThrottled, ...access }: NewAccess): Promise<Issued> {
  const { tx, now } = context;
  const all = await tx.credentials.accessTokensOf(access);
  const kin = all.filter((token) => token.refreshDigest === access.refreshDigest);
  const recent = kin.filter((token) => token.issuedAt > now - limits.throttleWindowMs);
  if (isThrottled && recent.length >= limits.accessTokensPerWindowMax) return refuse("throttled");
  const live = kin.filter((token) => token.expiresAt > now);
  const ended = [...all.filter((token) => token.expiresAt <= now), ...live.slice(limits.accessTokensPerRefreshTokenMax - 1)];
  const endedDigests = await endAccessTokens(context, ended);
  const accessToken = newToken();
  const number = await takeTokenNumber(context, access.org);
  const times = { issuedAt: now, expiresAt: now + limits.accessTokenMs };
  await tx.credentials.insertAccessToken({ ...access, ...times, digest: digestOf(accessToken), number });
  const expiresInSeconds = limits.accessTokenMs / 1_000;
  return ok({ accessToken, refreshToken: null, scopes: access.scopes, expiresInSeconds, endedDigests });
}

async function endOldRefreshTokens(context: Context, holder: Holder): Promise<readonly string[]> {
  const tokens = await context.tx.credentials.refreshTokensOf(holder);
  const ended: string[] = [];
  for (const token of tokens.slice(limits.refreshTokensPerUserAndClientMax)) ended.push(...(await endRefreshToken(context, token)));
  return ended;
}

function holderOf({ org, clientId, userId }: Holder): Holder {
  return { org, clientId, userId };
}
