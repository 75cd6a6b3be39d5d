/** Who may operate and who may call, what was done, and how the whole stands: what the console and the command line ask besides. */
import type { AuditAct, AuditEntry } from "../../core/audit.ts";
import type { Id } from "../../core/ids.ts";
import type { Overview } from "../../core/overview.ts";
import type { TokenDigest } from "../../core/principal.ts";
import type { Result } from "../../core/result.ts";
import type { UserStatus } from "../../core/org.ts";

export type UserView = {
  readonly id: Id;
  readonly zgid: string;
  readonly email: string;
  readonly firstName: string | null;
  readonly lastName: string;
  readonly status: UserStatus;
};

export type ClientView = {
  readonly clientId: string;
  readonly zgid: string;
  readonly name: string | null;
  readonly scopes: readonly string[];
  /** Whom its own credentials stand for; null: nobody. */
  readonly userId: Id | null;
  readonly redirectUri: string | null;
  readonly revokedAt: number | null;
};

export type TokenView = {
  /** The start of its digest, which tells it from the others and is of no other use. */
  readonly id: string;
  readonly zgid: string;
  readonly clientId: string;
  readonly userId: Id;
  readonly scopes: readonly string[];
  readonly issuedAt: number;
  readonly expiresAt: number;
};

/** `zgid` null: every org. `cursor`: what the page before gave as `nextCursor`; null: from the start. */
export type AccessList = { readonly zgid: string | null; readonly cursor: string | null; readonly limit: number };
export type AccessPage<Row> = { readonly rows: readonly Row[]; readonly nextCursor: string | null };

/** `org_unsaid`: there are several, and none was named. */
export type AccessRefusal = "unknown_org" | "org_unsaid" | "unknown_user";

/** What the inbox saw of a message that says it is a notification. */
export type MessageToCheck = {
  readonly channelId: string | null;
  readonly token: string | null;
  readonly webhookId: string | null;
  readonly timestamp: string | null;
  /** The header `webhook-signature`. */
  readonly signatures: string | null;
  readonly body: string;
};

export type MessageChecks = {
  readonly signature: "ok" | "wrong" | "absent" | "unknown_channel";
  readonly token: "ok" | "wrong" | "absent";
};

export type AccessCommands = {
  /** `at` is real time in ms, since a virtual clock that jumps must sign nobody out. null: it is no admin token. */
  "session.signIn": { input: { adminToken: string; at: number }; output: { readonly sessionId: string } | null };
  /** null: there is no such session, or it has ended. `isUse`: it lives on from here. */
  "session.use": { input: { sessionId: string; at: number; isUse: boolean }; output: { readonly orgs: number } | null };
  "session.signOut": { input: { sessionId: string }; output: null };

  /** By org and ascending id. */
  "access.users": { input: AccessList; output: AccessPage<UserView> };
  "access.clients": { input: AccessList; output: AccessPage<ClientView> };
  /** With `userEmail` it gets a refresh token of that user, and its own credentials stand for them. */
  "access.makeClient": {
    input: { zgid: string; name: string; scopes: readonly string[]; userEmail: string | null; redirectUri: string | null };
    output: Result<{ readonly client: ClientView; readonly clientSecret: string; readonly refreshToken: string | null }, AccessRefusal>;
  };
  /** Ends the client with all of its tokens and codes. null: there is none. */
  "access.revokeClient": {
    input: { clientId: string };
    output: { readonly client: ClientView; readonly endedDigests: readonly TokenDigest[] } | null;
  };
  /** Those that have not ended, the newest first. */
  "access.tokens": { input: AccessList; output: AccessPage<TokenView> };
  /** `zgid` null: the only org. `userEmail` null: its first active user. */
  "access.makeToken": {
    input: { zgid: string | null; userEmail: string | null; scopes: readonly string[] };
    output: Result<
      { readonly accessToken: string; readonly token: TokenView; readonly endedDigests: readonly TokenDigest[] },
      AccessRefusal
    >;
  };
  "access.revokeToken": {
    input: { id: string };
    output: { readonly token: TokenView; readonly endedDigests: readonly TokenDigest[] } | null;
  };

  "audit.add": { input: AuditAct; output: null };
  "audit.list": {
    input: { beforeId: number | null; limit: number };
    output: { readonly entries: readonly AuditEntry[]; readonly hasMore: boolean };
  };

  "operate.overview": { input: Record<never, never>; output: Overview };
  /** Compares a message with the secrets and tokens of the channels that have its `channel_id`; none of them leaves the store. */
  "inbox.check": { input: MessageToCheck; output: MessageChecks };
};
