import type { ClientRow, CredentialRows } from "../ports/credentials.ts";
import { type Database, arg, rowOf } from "./database.ts";
import type { Tables } from "./tables.ts";
import { readScopes, sqlTokens, writeScopes } from "./tokens.ts";

/** Clients, passwords and tokens; a token is found by the digest of what the caller presents. */
export function sqlCredentials(db: Database): CredentialRows {
  return { ...clientStatements(db), ...passwordStatements(db), ...sqlTokens(db), ...adminTokenStatements(db) };
}

function clientStatements(db: Database): Pick<CredentialRows, "insertClient" | "client" | "clientsOf" | "revokeClient"> {
  const q = db.builder;
  const columns = ["org", "client_id", "name", "secret_digest", "user_id", "scopes", "redirect_uri", "revoked_at"] as const;
  const insertClient = db.run(q.insertInto("clients").values(rowOf<"clients">(columns)));
  const client = db.first(q.selectFrom("clients").selectAll().where("client_id", "=", arg<string>("clientId")));
  const clientsOf = db.all(q.selectFrom("clients").selectAll().where("org", "=", arg<number>("org")).orderBy("client_id"));
  const markRevoked = db.run(
    q
      .updateTable("clients")
      .set({ revoked_at: arg<number>("at") })
      .where("org", "=", arg<number>("org"))
      .where("client_id", "=", arg<string>("clientId")),
  );
  const removeTokens = (["refresh_tokens", "grants"] as const).map((table) =>
    db.run(q.deleteFrom(table).where("org", "=", arg<number>("org")).where("client_id", "=", arg<string>("clientId"))),
  );
  const removeAccessTokens = db.all(
    q
      .deleteFrom("access_tokens")
      .where("org", "=", arg<number>("org"))
      .where("client_id", "=", arg<string>("clientId"))
      .returning("digest"),
  );
  return {
    insertClient: async (row) =>
      void (await insertClient({
        org: row.org,
        client_id: row.clientId,
        name: row.name,
        secret_digest: row.secretDigest,
        user_id: row.userId,
        scopes: writeScopes(row.scopes),
        redirect_uri: row.redirectUri,
        revoked_at: row.revokedAt,
      })),
    client: async (clientId) => {
      const row = await client({ clientId });
      return row === null ? null : clientFrom(row);
    },
    clientsOf: async (org) => (await clientsOf({ org })).map(clientFrom),
    revokeClient: async ({ org, clientId, at }) => {
      await markRevoked({ org, clientId, at });
      for (const remove of removeTokens) await remove({ org, clientId });
      return (await removeAccessTokens({ org, clientId })).map(({ digest }) => digest);
    },
  };
}

function clientFrom(row: Tables["clients"]): ClientRow {
  return {
    org: row.org,
    clientId: row.client_id,
    name: row.name,
    secretDigest: row.secret_digest,
    userId: row.user_id,
    scopes: readScopes(row.scopes),
    redirectUri: row.redirect_uri,
    revokedAt: row.revoked_at,
  };
}

function passwordStatements(db: Database): Pick<CredentialRows, "putPassword" | "passwordHash"> {
  const q = db.builder;
  const putPassword = db.run(
    q
      .insertInto("passwords")
      .values(rowOf<"passwords">(["org", "user_id", "hash"]))
      .onConflict((conflict) => conflict.columns(["org", "user_id"]).doUpdateSet({ hash: arg<string>("hash") })),
  );
  const passwordHash = db.first(
    q.selectFrom("passwords").select("hash").where("org", "=", arg<number>("org")).where("user_id", "=", arg<string>("userId")),
  );
  return {
    putPassword: async ({ org, userId, hash }) => void (await putPassword({ org, user_id: userId, hash })),
    passwordHash: async (org, userId) => (await passwordHash({ org, userId }))?.hash ?? null,
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
    addAdminToken: async ({ digest, createdAt, keep }) => {
      await addAdminToken({ digest, created_at: createdAt });
      await keepNewest({ keep, everyRow: Number.MAX_SAFE_INTEGER });
    },
    hasAdminToken: async (digest) => (await hasAdminToken({ digest })) !== null,
  };
}
