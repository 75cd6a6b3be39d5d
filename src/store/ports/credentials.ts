/** OAuth clients and tokens, the users' passwords, and the admin's tokens: only digests are kept, never the secret itself. */
import type { Id } from "../../core/ids.ts";
import type { OrgKey } from "../../core/org.ts";
import type { TokenDigest } from "../../core/principal.ts";
import type { Awaitable } from "../store.ts";

export type ClientRow = {
  readonly org: OrgKey;
  readonly clientId: string;
  /** For people; null: its id. */
  readonly name: string | null;
  readonly secretDigest: string;
  /** Whom its own credentials stand for; null: nobody, only users who agree give it tokens. */
  readonly userId: Id | null;
  /** The most that its tokens may do. */
  readonly scopes: readonly string[];
  /** Where the sign-in page may lead back to; null: nowhere. */
  readonly redirectUri: string | null;
  /** When it was revoked, in ms; null: it may ask for tokens. */
  readonly revokedAt: number | null;
};

/** A user in a client: what the tokens of the two are found by. */
export type Holder = { readonly org: OrgKey; readonly clientId: string; readonly userId: Id };

/** What every token and code stands for. `number` counts up, so that of two of one instant the later is known. */
type Held = Holder & { readonly digest: TokenDigest; readonly number: number; readonly scopes: readonly string[] };

export type RefreshTokenRow = Held & { readonly createdAt: number };

export type GrantRow = Held & {
  /** Whether its use gives a refresh token. */
  readonly isOffline: boolean;
  readonly createdAt: number;
  /** null: never. */
  readonly expiresAt: number | null;
  readonly isUsed: boolean;
};

export type AccessTokenRow = Held & {
  /** The refresh token that it came from; null: none. */
  readonly refreshDigest: TokenDigest | null;
  readonly issuedAt: number;
  readonly expiresAt: number;
};

/** `after` null: from the newest on. */
export type LiveTokensAsked = {
  readonly org: OrgKey;
  readonly now: number;
  readonly after: { readonly issuedAt: number; readonly digest: TokenDigest } | null;
  readonly limit: number;
};

export type CredentialRows = {
  insertClient(client: ClientRow): Awaitable<void>;
  /** Revoked or not. */
  client(clientId: string): Awaitable<ClientRow | null>;
  /** By ascending client id, those that were revoked too. */
  clientsOf(org: OrgKey): Awaitable<readonly ClientRow[]>;
  /** Marks the client revoked and removes its tokens and codes; gives the digests of its access tokens. */
  revokeClient(revoked: { readonly org: OrgKey; readonly clientId: string; readonly at: number }): Awaitable<readonly TokenDigest[]>;

  /** Sets the hash of a user's password. */
  putPassword(password: { org: OrgKey; userId: Id; hash: string }): Awaitable<void>;
  passwordHash(org: OrgKey, userId: Id): Awaitable<string | null>;

  insertRefreshToken(token: RefreshTokenRow): Awaitable<void>;
  refreshToken(digest: TokenDigest): Awaitable<RefreshTokenRow | null>;
  /** The newest first. */
  refreshTokensOf(holder: Holder): Awaitable<readonly RefreshTokenRow[]>;
  deleteRefreshToken(org: OrgKey, digest: TokenDigest): Awaitable<void>;

  insertGrant(grant: GrantRow): Awaitable<void>;
  grant(digest: TokenDigest): Awaitable<GrantRow | null>;
  /** The newest first. */
  grantsOf(org: OrgKey, clientId: string): Awaitable<readonly GrantRow[]>;
  markGrantUsed(org: OrgKey, digest: TokenDigest): Awaitable<void>;
  deleteGrant(org: OrgKey, digest: TokenDigest): Awaitable<void>;

  insertAccessToken(token: AccessTokenRow): Awaitable<void>;
  accessToken(digest: TokenDigest): Awaitable<AccessTokenRow | null>;
  /** The newest first. */
  accessTokensOf(holder: Holder): Awaitable<readonly AccessTokenRow[]>;
  /** Those of the org that end after `now`, the newest first, and behind `after` of those issued at the same instant. */
  liveAccessTokens(asked: LiveTokensAsked): Awaitable<readonly AccessTokenRow[]>;
  /** Of every org, those whose digest begins so. */
  accessTokensLike(digestStart: string): Awaitable<readonly AccessTokenRow[]>;
  deleteAccessToken(org: OrgKey, digest: TokenDigest): Awaitable<void>;

  /** Adds the admin token unless it is there, and drops all but the newest `keep`. */
  addAdminToken(token: { digest: string; createdAt: number; keep: number }): Awaitable<void>;
  hasAdminToken(digest: string): Awaitable<boolean>;
};
