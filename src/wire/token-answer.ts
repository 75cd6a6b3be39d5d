/** The answers of the accounts server: tokens, their revocation, the profile (PROTOCOL E.3, CLIENTS 3). */
import type { IssuedToken, Profile, TokenError } from "../core/principal.ts";
import { fullName } from "../core/org.ts";
import type { Json } from "./json.ts";

/** An answer with its status. */
export type TokenAnswer = { readonly httpStatus: number; readonly body: Json };

/**
 * A token that was granted. `apiDomain` is our own origin, without a path or a slash at its end: clients build every later URL on it.
 * `expires_in` counts seconds.
 */
export function renderToken(issued: IssuedToken, apiDomain: string): TokenAnswer {
  return {
    httpStatus: 200,
    body: {
      access_token: issued.accessToken,
      ...(issued.refreshToken === null ? {} : { refresh_token: issued.refreshToken }),
      scope: issued.scopes.join(" "),
      api_domain: apiDomain,
      token_type: "Bearer",
      expires_in: issued.expiresInSeconds,
    },
  };
}

/** A token that was not granted. It goes out with status 200 too, for clients look for `error` in the body; only too many are 400. */
export function renderTokenError(error: TokenError): TokenAnswer {
  if (error !== "throttled") return { httpStatus: 200, body: { error } };
  return { httpStatus: 400, body: { error: "Access Denied", error_description: throttledText, status: "failure" } };
}

export const throttledText = "You have made too many requests continuously. Please try again after some time.";

/** A token that was revoked, or that was none. */
export function renderRevocation(isRevoked: boolean): TokenAnswer {
  return isRevoked ? { httpStatus: 200, body: { status: "success" } } : { httpStatus: 400, body: { error: "invalid_code" } };
}

/** The user of a token; null: the token is not one. */
export function renderProfile(profile: Profile | null): TokenAnswer {
  if (profile === null) return { httpStatus: 401, body: { error: "invalid_token" } };
  return {
    httpStatus: 200,
    body: {
      First_Name: profile.firstName ?? "",
      Last_Name: profile.lastName,
      Email: profile.email,
      Display_Name: fullName(profile),
      ZUID: profile.userId,
    },
  };
}
