/** OAuth clients and tokens, and the admin's: only digests are kept, never the secret itself. */
import type { Id } from "../../core/ids.ts";
import type { OrgKey } from "../../core/org.ts";
import type { Awaitable } from "../store.ts";

export type ClientRow = {
  readonly org: OrgKey;
  readonly clientId: string;
  readonly secretDigest: string;
  readonly userId: Id;
  readonly scopes: readonly string[];
  /** null: any. */
  readonly redirectUri: string | null;
};

export type GrantRow = { readonly org: OrgKey; readonly clientId: string; readonly expiresAt: number | null; readonly isUsed: boolean };

export type AccessTokenRow = {
  readonly org: OrgKey;
  readonly clientId: string;
  readonly userId: Id;
  readonly scopes: readonly string[];
  readonly issuedAt: number;
  readonly expiresAt: number;
};

export type CredentialRows = {
  insertClient(client: ClientRow): Awaitable<void>;
  client(clientId: string): Awaitable<ClientRow | null>;

  insertRefreshToken(token: { org: OrgKey; digest: string; clientId: string; createdAt: number }): Awaitable<void>;
  /** The client that the refresh token was given to. */
  refreshTokenClient(digest: string): Awaitable<string | null>;

  insertGrant(grant: { org: OrgKey; digest: string; clientId: string; expiresAt: number | null }): Awaitable<void>;
  grant(digest: string): Awaitable<GrantRow | null>;
  markGrantUsed(digest: string): Awaitable<void>;

  insertAccessToken(digest: string, token: AccessTokenRow): Awaitable<void>;
  accessToken(digest: string): Awaitable<AccessTokenRow | null>;
  /** Removes a client's tokens that have ended, and all but the newest `keep` of the rest. */
  pruneAccessTokens(pruned: { org: OrgKey; clientId: string; now: number; keep: number }): Awaitable<void>;

  /** Adds the admin token unless it is there, and drops all but the newest `keep`. */
  addAdminToken(token: { digest: string; createdAt: number; keep: number }): Awaitable<void>;
  hasAdminToken(digest: string): Awaitable<boolean>;
};
