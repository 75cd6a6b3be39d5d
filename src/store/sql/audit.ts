import type { AuditActor } from "../../core/audit.ts";
import type { AuditRows } from "../ports/audit.ts";
import { type Database, arg, rowOf } from "./database.ts";

/** The audit log, by the number of the entry. */
export function sqlAudit(db: Database): AuditRows {
  const q = db.builder;
  const columns = ["at", "actor", "method", "path", "status", "summary"] as const;
  const insert = db.run(q.insertInto("audit").values(rowOf<"audit">(columns)));
  const page = db.all(
    q.selectFrom("audit").selectAll().where("id", "<", arg<number>("beforeId")).orderBy("id", "desc").limit(arg<number>("limit")),
  );
  // Entries are written in the order of their time, so the oldest have the smallest ids.
  const purge = db.run(
    q
      .deleteFrom("audit")
      .where("at", "<", arg<number>("before"))
      .where("id", "in", (row) => row.selectFrom("audit").select("id").orderBy("id").limit(arg<number>("limit"))),
  );
  return {
    insert: async ({ at, actor, method, path, status, summary }) => void (await insert({ at, actor, method, path, status, summary })),
    page: async (beforeId, limit) =>
      (await page({ beforeId: beforeId ?? Number.MAX_SAFE_INTEGER, limit })).map((row) => ({ ...row, actor: row.actor as AuditActor })),
    purge: async (before, limit) => purge({ before, limit }),
  };
}
