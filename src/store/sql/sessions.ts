import type { SessionRows } from "../ports/sessions.ts";
import { type Database, arg, rowOf } from "./database.ts";

/** Sessions of the console, by the digest of their id. */
export function sqlSessions(db: Database): SessionRows {
  const q = db.builder;
  const columns = ["digest", "token_digest", "created_at", "used_at"] as const;
  const insert = db.run(q.insertInto("console_sessions").values(rowOf<"console_sessions">(columns)));
  const keepNewest = db.run(
    q
      .deleteFrom("console_sessions")
      .where("digest", "in", (row) =>
        row
          .selectFrom("console_sessions")
          .select("digest")
          .orderBy("used_at", "desc")
          .orderBy("created_at", "desc")
          .limit(arg<number>("everyRow"))
          .offset(arg<number>("keep")),
      ),
  );
  const byDigest = db.first(q.selectFrom("console_sessions").selectAll().where("digest", "=", arg<string>("digest")));
  const touch = db.run(
    q
      .updateTable("console_sessions")
      .set({ used_at: arg<number>("usedAt") })
      .where("digest", "=", arg<string>("digest")),
  );
  const remove = db.run(q.deleteFrom("console_sessions").where("digest", "=", arg<string>("digest")));
  return {
    insert: async ({ digest, tokenDigest, createdAt, usedAt }, keep) => {
      await insert({ digest, token_digest: tokenDigest, created_at: createdAt, used_at: usedAt });
      await keepNewest({ keep, everyRow: Number.MAX_SAFE_INTEGER });
    },
    byDigest: async (digest) => {
      const row = await byDigest({ digest });
      return row === null ? null : { digest, tokenDigest: row.token_digest, createdAt: row.created_at, usedAt: row.used_at };
    },
    touch: async (digest, usedAt) => void (await touch({ digest, usedAt })),
    remove: async (digest) => void (await remove({ digest })),
  };
}
