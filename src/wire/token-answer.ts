/** The answers of the token endpoint (PROTOCOL E.3, CLIENTS 3). Both go out with status 200: clients look for `error` in the body. */
import type { IssuedToken, TokenError } from "../core/principal.ts";
import type { Json } from "./json.ts";

/**
 * A token that was granted. `apiDomain` is our own origin, without a path or a slash at its end: clients build every later URL on it.
 * `expires_in` counts seconds.
 */
export function renderToken(issued: IssuedToken, apiDomain: string): Json {
  return {
    access_token: issued.accessToken,
    ...(issued.refreshToken === null ? {} : { refresh_token: issued.refreshToken }),
    scope: issued.scopes.join(" "),
    api_domain: apiDomain,
    token_type: "Bearer",
    expires_in: issued.expiresInSeconds,
  };
}

/** A token that was not granted. */
export function renderTokenError(error: TokenError): Json {
  return { error };
}
