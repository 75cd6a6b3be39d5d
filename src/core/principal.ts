/** Who asks, and how they prove it: the OAuth side of a request (PROTOCOL E). */
import type { Id } from "./ids.ts";
import type { OrgKey } from "./org.ts";

/** Who asks: the user of an access token. */
export type Principal = {
  readonly org: OrgKey;
  readonly zgid: string;
  readonly timeZone: string;
  readonly userId: Id;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** When the access token ends, in ms. */
  readonly expiresAt: number;
};

export type Caller = Pick<Principal, "org" | "userId">;

export type TokenRequest = {
  readonly grantType: string | null;
  readonly clientId: string | null;
  readonly clientSecret: string | null;
  readonly refreshToken: string | null;
  readonly code: string | null;
  readonly redirectUri: string | null;
};

export type IssuedToken = {
  readonly accessToken: string;
  /** null unless the grant gives one. */
  readonly refreshToken: string | null;
  readonly scopes: readonly string[];
  readonly expiresInSeconds: number;
};

/** The wire's `error` of the token endpoint (PROTOCOL E.3). */
export type TokenError = "invalid_client" | "invalid_client_secret" | "invalid_code" | "invalid_redirect_uri" | "unsupported_grant_type";
