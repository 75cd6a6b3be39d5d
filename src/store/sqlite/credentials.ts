import type { CredentialRows } from "../ports/credentials.ts";
import { type Database, arg, rowOf } from "./database.ts";

/** Clients and tokens, found by the digest of what the caller presents. */
export function sqliteCredentials(db: Database): CredentialRows {
  return { ...clientStatements(db), ...grantStatements(db), ...accessTokenStatements(db), ...adminTokenStatements(db) };
}

function clientStatements(db: Database): Pick<CredentialRows, "insertClient" | "client"> {
  const q = db.builder;
  const insertClient = db.run(
    q.insertInto("clients").values(rowOf<"clients">(["org", "client_id", "secret_digest", "user_id", "scopes", "redirect_uri"])),
  );
  const client = db.first(q.selectFrom("clients").selectAll().where("client_id", "=", arg<string>("clientId")));
  return {
    insertClient: (row) =>
      void insertClient({
        org: row.org,
        client_id: row.clientId,
        secret_digest: row.secretDigest,
        user_id: row.userId,
        scopes: writeScopes(row.scopes),
        redirect_uri: row.redirectUri,
      }),
    client: (clientId) => {
      const row = client({ clientId });
      if (row === null) return null;
      return {
        org: row.org,
        clientId: row.client_id,
        secretDigest: row.secret_digest,
        userId: row.user_id,
        scopes: readScopes(row.scopes),
        redirectUri: row.redirect_uri,
      };
    },
  };
}

function grantStatements(
  db: Database,
): Pick<CredentialRows, "insertRefreshToken" | "refreshTokenClient" | "insertGrant" | "grant" | "markGrantUsed"> {
  const q = db.builder;
  const insertRefreshToken = db.run(
    q.insertInto("refresh_tokens").values(rowOf<"refresh_tokens">(["org", "digest", "client_id", "created_at"])),
  );
  const refreshTokenClient = db.first(q.selectFrom("refresh_tokens").select("client_id").where("digest", "=", arg<string>("digest")));
  const insertGrant = db.run(q.insertInto("grants").values(rowOf<"grants">(["org", "digest", "client_id", "expires_at", "is_used"])));
  const grant = db.first(q.selectFrom("grants").selectAll().where("digest", "=", arg<string>("digest")));
  const markGrantUsed = db.run(
    q
      .updateTable("grants")
      .set({ is_used: arg<number>("isUsed") })
      .where("digest", "=", arg<string>("digest")),
  );
  return {
    insertRefreshToken: ({ org, digest, clientId, createdAt }) =>
      void insertRefreshToken({ org, digest, client_id: clientId, created_at: createdAt }),
    refreshTokenClient: (digest) => refreshTokenClient({ digest })?.client_id ?? null,
    insertGrant: ({ org, digest, clientId, expiresAt }) =>
      void insertGrant({ org, digest, client_id: clientId, expires_at: expiresAt, is_used: 0 }),
    grant: (digest) => {
      const row = grant({ digest });
      return row === null ? null : { org: row.org, clientId: row.client_id, expiresAt: row.expires_at, isUsed: row.is_used === 1 };
    },
    markGrantUsed: (digest) => void markGrantUsed({ digest, isUsed: 1 }),
  };
}

function accessTokenStatements(db: Database): Pick<CredentialRows, "insertAccessToken" | "accessToken" | "pruneAccessTokens"> {
  const q = db.builder;
  const insertAccessToken = db.run(
    q
      .insertInto("access_tokens")
      .values(rowOf<"access_tokens">(["org", "digest", "client_id", "user_id", "scopes", "issued_at", "expires_at"])),
  );
  const accessToken = db.first(q.selectFrom("access_tokens").selectAll().where("digest", "=", arg<string>("digest")));
  const ofClient = q
    .selectFrom("access_tokens")
    .select("digest")
    .where("org", "=", arg<number>("org"))
    .where("client_id", "=", arg<string>("clientId"));
  const prune = db.run(
    q
      .deleteFrom("access_tokens")
      .where("org", "=", arg<number>("org"))
      .where((row) =>
        row.or([
          row("digest", "in", ofClient.where("expires_at", "<=", arg<number>("now"))),
          row(
            "digest",
            "in",
            ofClient.orderBy("issued_at", "desc").orderBy("digest").limit(arg<number>("everyRow")).offset(arg<number>("keep")),
          ),
        ]),
      ),
  );
  return {
    insertAccessToken: (digest, token) =>
      void insertAccessToken({
        org: token.org,
        digest,
        client_id: token.clientId,
        user_id: token.userId,
        scopes: writeScopes(token.scopes),
        issued_at: token.issuedAt,
        expires_at: token.expiresAt,
      }),
    accessToken: (digest) => {
      const row = accessToken({ digest });
      if (row === null) return null;
      return {
        org: row.org,
        clientId: row.client_id,
        userId: row.user_id,
        scopes: readScopes(row.scopes),
        issuedAt: row.issued_at,
        expiresAt: row.expires_at,
      };
    },
    pruneAccessTokens: ({ org, clientId, now, keep }) => void prune({ org, clientId, now, keep, everyRow: -1 }),
  };
}

function adminTokenStatements(db: Database): Pick<CredentialRows, "addAdminToken" | "hasAdminToken"> {
  const q = db.builder;
  const addAdminToken = db.run(
    q
      .insertInto("admin_tokens")
      .values(rowOf<"admin_tokens">(["digest", "created_at"]))
      .onConflict((conflict) => conflict.column("digest").doUpdateSet({ created_at: arg<number>("created_at") })),
  );
  const keepNewest = db.run(
    q
      .deleteFrom("admin_tokens")
      .where("digest", "in", (row) =>
        row
          .selectFrom("admin_tokens")
          .select("digest")
          .orderBy("created_at", "desc")
          .limit(arg<number>("everyRow"))
          .offset(arg<number>("keep")),
      ),
  );
  const hasAdminToken = db.first(q.selectFrom("admin_tokens").select("digest").where("digest", "=", arg<string>("digest")));
  return {
    addAdminToken: ({ digest, createdAt, keep }) => {
      addAdminToken({ digest, created_at: createdAt });
      keepNewest({ keep, everyRow: -1 });
    },
    hasAdminToken: (digest) => hasAdminToken({ digest }) !== null,
  };
}

function writeScopes(scopes: readonly string[]): string {
  return scopes.join(" ");
}

function readScopes(text: string): readonly string[] {
  return text === "" ? [] : text.split(" ");
}
