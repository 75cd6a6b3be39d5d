/** Refresh tokens, authorization codes and access tokens. Of a user in a client, or of a client, they come newest first. */
import type { Selectable } from "kysely";
import type { AccessTokenRow, CredentialRows, GrantRow, RefreshTokenRow } from "../ports/credentials.ts";
import { type Database, arg, rowOf } from "./database.ts";
import type { Tables } from "./tables.ts";

type RefreshTokens = Pick<CredentialRows, "insertRefreshToken" | "refreshToken" | "refreshTokensOf" | "deleteRefreshToken">;
type Grants = Pick<CredentialRows, "insertGrant" | "grant" | "grantsOf" | "markGrantUsed" | "deleteGrant">;
type AccessTokens = Pick<
  CredentialRows,
  "insertAccessToken" | "accessToken" | "accessTokensOf" | "liveAccessTokens" | "accessTokensLike" | "deleteAccessToken"
>;

export function sqlTokens(db: Database): RefreshTokens & Grants & AccessTokens {
  return { ...refreshTokenStatements(db), ...grantStatements(db), ...accessTokenStatements(db) };
}

/** Scopes stand in one text, separated by spaces, which no scope contains. */
export function writeScopes(scopes: readonly string[]): string {
  return scopes.join(" ");
}

export function readScopes(text: string): readonly string[] {
  return text === "" ? [] : text.split(" ");
}

function refreshTokenStatements(db: Database): RefreshTokens {
  const q = db.builder;
  const columns = ["org", "digest", "number", "client_id", "user_id", "scopes", "created_at"] as const;
  const insert = db.run(q.insertInto("refresh_tokens").values(rowOf<"refresh_tokens">(columns)));
  const byDigest = db.first(q.selectFrom("refresh_tokens").selectAll().where("digest", "=", arg<string>("digest")));
  const ofHolder = db.all(
    q
      .selectFrom("refresh_tokens")
      .selectAll()
      .where("org", "=", arg<number>("org"))
      .where("client_id", "=", arg<string>("clientId"))
      .where("user_id", "=", arg<string>("userId"))
      .orderBy("number", "desc"),
  );
  const remove = db.run(q.deleteFrom("refresh_tokens").where("org", "=", arg<number>("org")).where("digest", "=", arg<string>("digest")));
  const rowFrom = (row: Selectable<Tables["refresh_tokens"]>): RefreshTokenRow => ({ ...heldFrom(row), createdAt: row.created_at });
  return {
    insertRefreshToken: async (token) => void (await insert({ ...columnsOf(token), created_at: token.createdAt })),
    refreshToken: async (digest) => {
      const row = await byDigest({ digest });
      return row === null ? null : rowFrom(row);
    },
    refreshTokensOf: async ({ org, clientId, userId }) => (await ofHolder({ org, clientId, userId })).map(rowFrom),
    deleteRefreshToken: async (org, digest) => void (await remove({ org, digest })),
  };
}

function grantStatements(db: Database): Grants {
  const q = db.builder;
  const columns = [
    ...(["org", "digest", "number", "client_id", "user_id", "scopes"] as const),
    ...(["is_offline", "created_at", "expires_at", "is_used"] as const),
  ];
  const insert = db.run(q.insertInto("grants").values(rowOf<"grants">(columns)));
  const byDigest = db.first(q.selectFrom("grants").selectAll().where("digest", "=", arg<string>("digest")));
  const ofClient = db.all(
    q
      .selectFrom("grants")
      .selectAll()
      .where("org", "=", arg<number>("org"))
      .where("client_id", "=", arg<string>("clientId"))
      .orderBy("number", "desc"),
  );
  const markUsed = db.run(
    q
      .updateTable("grants")
      .set({ is_used: arg<number>("isUsed") })
      .where("org", "=", arg<number>("org"))
      .where("digest", "=", arg<string>("digest")),
  );
  const remove = db.run(q.deleteFrom("grants").where("org", "=", arg<number>("org")).where("digest", "=", arg<string>("digest")));
  const rowFrom = (row: Selectable<Tables["grants"]>): GrantRow => ({
    ...heldFrom(row),
    isOffline: row.is_offline === 1,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    isUsed: row.is_used === 1,
  });
  return {
    insertGrant: async (grant) =>
      void (await insert({
        ...columnsOf(grant),
        is_offline: grant.isOffline ? 1 : 0,
        created_at: grant.createdAt,
        expires_at: grant.expiresAt,
        is_used: grant.isUsed ? 1 : 0,
      })),
    grant: async (digest) => {
      const row = await byDigest({ digest });
      return row === null ? null : rowFrom(row);
    },
    grantsOf: async (org, clientId) => (await ofClient({ org, clientId })).map(rowFrom),
    markGrantUsed: async (org, digest) => void (await markUsed({ org, digest, isUsed: 1 })),
    deleteGrant: async (org, digest) => void (await remove({ org, digest })),
  };
}

function accessTokenStatements(db: Database): AccessTokens {
  const q = db.builder;
  const columns = [
    ...(["org", "digest", "number", "client_id", "user_id", "scopes"] as const),
    ...(["refresh_digest", "issued_at", "expires_at"] as const),
  ];
  const insert = db.run(q.insertInto("access_tokens").values(rowOf<"access_tokens">(columns)));
  const byDigest = db.first(q.selectFrom("access_tokens").selectAll().where("digest", "=", arg<string>("digest")));
  const ofHolder = db.all(
    q
      .selectFrom("access_tokens")
      .selectAll()
      .where("org", "=", arg<number>("org"))
      .where("client_id", "=", arg<string>("clientId"))
      .where("user_id", "=", arg<string>("userId"))
      .orderBy("number", "desc"),
  );
  const live = db.all(
    q
      .selectFrom("access_tokens")
      .selectAll()
      .where("org", "=", arg<number>("org"))
      .where("expires_at", ">", arg<number>("now"))
      .where((row) =>
        row.or([
          row("issued_at", "<", arg<number>("issuedAt")),
          row.and([row("issued_at", "=", arg<number>("issuedAt")), row("digest", ">", arg<string>("digest"))]),
        ]),
      )
      .orderBy("issued_at", "desc")
      .orderBy("digest")
      .limit(arg<number>("limit")),
  );
  const like = db.all(
    q.selectFrom("access_tokens").selectAll().where("digest", ">=", arg<string>("from")).where("digest", "<", arg<string>("until")),
  );
  const remove = db.run(q.deleteFrom("access_tokens").where("org", "=", arg<number>("org")).where("digest", "=", arg<string>("digest")));
  const rowFrom = (row: Selectable<Tables["access_tokens"]>): AccessTokenRow => ({
    ...heldFrom(row),
    refreshDigest: row.refresh_digest,
    issuedAt: row.issued_at,
    expiresAt: row.expires_at,
  });
  return {
    insertAccessToken: async (token) =>
      void (await insert({
        ...columnsOf(token),
        refresh_digest: token.refreshDigest,
        issued_at: token.issuedAt,
        expires_at: token.expiresAt,
      })),
    accessToken: async (digest) => {
      const row = await byDigest({ digest });
      return row === null ? null : rowFrom(row);
    },
    accessTokensOf: async ({ org, clientId, userId }) => (await ofHolder({ org, clientId, userId })).map(rowFrom),
    liveAccessTokens: async ({ org, now, after, limit }) => {
      const { issuedAt, digest } = after ?? { issuedAt: Number.MAX_SAFE_INTEGER, digest: "" };
      return (await live({ org, now, issuedAt, digest, limit })).map(rowFrom);
    },
    // A digest is of hexadecimal digits, behind all of which comes the letter g.
    accessTokensLike: async (digestStart) => (await like({ from: digestStart, until: `${digestStart}g` })).map(rowFrom),
    deleteAccessToken: async (org, digest) => void (await remove({ org, digest })),
  };
}

type HeldColumns = Pick<Selectable<Tables["refresh_tokens"]>, "org" | "digest" | "number" | "client_id" | "user_id" | "scopes">;
type Held = Omit<RefreshTokenRow, "createdAt">;

function heldFrom(row: HeldColumns): Held {
  return {
    org: row.org,
    digest: row.digest,
    number: row.number,
    clientId: row.client_id,
    userId: row.user_id,
    scopes: readScopes(row.scopes),
  };
}

function columnsOf(held: Held): HeldColumns {
  return {
    org: held.org,
    digest: held.digest,
    number: held.number,
    client_id: held.clientId,
    user_id: held.userId,
    scopes: writeScopes(held.scopes),
  };
}
