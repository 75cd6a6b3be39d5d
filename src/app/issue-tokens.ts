/** OAuth: a client exchanges a refresh token or a grant for an access token, and an access token says who asks (PROTOCOL E.3). */
import { limits } from "../core/limits.ts";
import type { IssuedToken, TokenError } from "../core/principal.ts";
import { type Result, ok, refuse } from "../core/result.ts";
import type { ClientRow } from "../store/ports/credentials.ts";
import type { Input, Output } from "./commands.ts";
import type { Context } from "./context.ts";
import { digestOf, isDigestOf, newToken } from "./secrets.ts";

export async function issueToken(context: Context, input: Input<"oauth.token">): Promise<Output<"oauth.token">> {
  if (input.grantType !== "refresh_token" && input.grantType !== "authorization_code") return refuse("unsupported_grant_type");
  const client = await context.tx.credentials.client(input.clientId ?? "");
  if (client === null) return refuse("invalid_client");
  if (!isDigestOf(input.clientSecret ?? "", client.secretDigest)) return refuse("invalid_client_secret");
  return input.grantType === "refresh_token" ? refresh(context, client, input) : exchange(context, client, input);
}

async function refresh(context: Context, client: ClientRow, input: Input<"oauth.token">): Promise<Result<IssuedToken, TokenError>> {
  const owner = await context.tx.credentials.refreshTokenClient(digestOf(input.refreshToken ?? ""));
  if (owner !== client.clientId) return refuse("invalid_code");
  return ok(await newAccess(context, client, null));
}

async function exchange(context: Context, client: ClientRow, input: Input<"oauth.token">): Promise<Result<IssuedToken, TokenError>> {
  const digest = digestOf(input.code ?? "");
  const grant = await context.tx.credentials.grant(digest);
  const hasEnded = grant !== null && grant.expiresAt !== null && grant.expiresAt <= context.now;
  if (grant === null || grant.clientId !== client.clientId || grant.isUsed || hasEnded) return refuse("invalid_code");
  if (client.redirectUri !== null && input.redirectUri !== null && input.redirectUri !== client.redirectUri) {
    return refuse("invalid_redirect_uri");
  }
  await context.tx.credentials.markGrantUsed(digest);
  const refreshToken = newToken();
  await context.tx.credentials.insertRefreshToken({
    org: client.org,
    digest: digestOf(refreshToken),
    clientId: client.clientId,
    createdAt: context.now,
  });
  return ok(await newAccess(context, client, refreshToken));
}

async function newAccess(context: Context, client: ClientRow, refreshToken: string | null): Promise<IssuedToken> {
  const accessToken = newToken();
  await context.tx.credentials.insertAccessToken(digestOf(accessToken), {
    org: client.org,
    clientId: client.clientId,
    userId: client.userId,
    scopes: client.scopes,
    issuedAt: context.now,
    expiresAt: context.now + limits.accessTokenMs,
  });
  const keep = limits.accessTokensPerClientMax;
  await context.tx.credentials.pruneAccessTokens({ org: client.org, clientId: client.clientId, now: context.now, keep });
  return { accessToken, refreshToken, scopes: client.scopes, expiresInSeconds: limits.accessTokenMs / 1_000 };
}

/** Who the access token stands for; null when it is unknown or has ended, or its user is no longer active. */
export async function findPrincipal(context: Context, input: Input<"auth.principal">): Promise<Output<"auth.principal">> {
  const token = await context.tx.credentials.accessToken(digestOf(input.accessToken));
  if (token === null || token.expiresAt <= context.now) return null;
  const { org, users } = await context.directory.home(context.tx, token.org);
  if (users.get(token.userId)?.status !== "active") return null;
  const { userId, clientId, scopes, expiresAt } = token;
  return { org: org.key, zgid: org.zgid, timeZone: org.timeZone, userId, clientId, scopes, expiresAt };
}

export async function addAdminToken(context: Context, input: Input<"admin.addToken">): Promise<null> {
  const digest = digestOf(input.adminToken);
  await context.tx.credentials.addAdminToken({ digest, createdAt: context.now, keep: limits.adminTokensKeptMax });
  return null;
}

export async function hasAdminToken(context: Context, input: Input<"admin.hasToken">): Promise<boolean> {
  return context.tx.credentials.hasAdminToken(digestOf(input.adminToken));
}
