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
  /** Of the org's tokens, when this was read; null: no other process ends tokens. */
  readonly accessEpoch: number | null;
};

/** `accessEpoch`: a command is not run for a caller of whom something may have changed since; absent: it is sure who asks. */
export type Caller = Pick<Principal, "org" | "userId"> & { readonly accessEpoch?: number };

export type TokenRequest = {
  readonly grantType: string | null;
  readonly clientId: string | null;
  readonly clientSecret: string | null;
  readonly refreshToken: string | null;
  readonly code: string | null;
  readonly redirectUri: string | null;
  /** As sent, for the client-credentials grant. */
  readonly scope: string | null;
  /** The org that the client-credentials grant is for: `ZohoCRM.<zgid>`. */
  readonly soid: string | null;
};

export type IssuedToken = {
  readonly accessToken: string;
  /** null unless the grant gives one. */
  readonly refreshToken: string | null;
  readonly scopes: readonly string[];
  readonly expiresInSeconds: number;
  /** Tokens that the new one pushed out. */
  readonly endedDigests: readonly TokenDigest[];
};

/** SHA-256 of a token, in hex: how the store names a token, and what the front keeps a session under. */
export type TokenDigest = string;

/** Why no token was issued. All but `throttled` are the wire's own `error` (PROTOCOL E.3). */
export type TokenError =
  | "invalid_client"
  | "invalid_client_secret"
  | "invalid_code"
  | "invalid_redirect_uri"
  | "invalid_scope"
  | "invalid_soid"
  | "unauthorized_client"
  | "unsupported_grant_type"
  | "throttled";

/** What an application asks a user for (`GET /oauth/v2/auth`), once it has been found to be in order. */
export type Consent = {
  /** For people: what the seed calls the client. */
  readonly clientName: string;
  readonly orgName: string;
  /** What the client may have of what it asks for; never empty. */
  readonly scopes: readonly string[];
};

/** What the accounts server tells of the user of a token. */
export type Profile = {
  readonly userId: Id;
  readonly email: string;
  readonly firstName: string | null;
  readonly lastName: string;
};
