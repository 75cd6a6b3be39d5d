/** The end of tokens before their time: revoked, or pushed out by newer ones. Who keeps sessions is told the digests of what ended. */
import type { TokenDigest } from "../core/principal.ts";
import { ok, refuse } from "../core/result.ts";
import type { AccessTokenRow, RefreshTokenRow } from "../store/ports/credentials.ts";
import type { Input, Output } from "./commands.ts";
import type { Context } from "./context.ts";
import { digestOf } from "./secrets.ts";

/** Ends an access token, or a refresh token with every access token that came from it; whoever has it may. */
export async function revokeToken(context: Context, { token }: Input<"oauth.revoke">): Promise<Output<"oauth.revoke">> {
  const digest = digestOf(token);
  const access = await context.tx.credentials.accessToken(digest);
  if (access !== null) {
    const endedDigests = await endAccessTokens(context, [access]);
    return access.expiresAt > context.now ? ok({ endedDigests }) : refuse("invalid_code");
  }
  const refresh = await context.tx.credentials.refreshToken(digest);
  return refresh === null ? refuse("invalid_code") : ok({ endedDigests: await endRefreshToken(context, refresh) });
}

export async function endRefreshToken(context: Context, token: RefreshTokenRow): Promise<readonly TokenDigest[]> {
  await context.tx.credentials.deleteRefreshToken(token.org, token.digest);
  const tokens = await context.tx.credentials.accessTokensOf(token);
  return endAccessTokens(
    context,
    tokens.filter((access) => access.refreshDigest === token.digest),
  );
}

export async function endAccessTokens(context: Context, tokens: readonly AccessTokenRow[]): Promise<readonly TokenDigest[]> {
  for (const { org, digest } of tokens) await context.tx.credentials.deleteAccessToken(org, digest);
  return tokens.map(({ digest }) => digest);
}
