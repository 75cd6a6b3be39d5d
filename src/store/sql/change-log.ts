import { firstIdAt } from "../../core/commit-ids.ts";
import type { Operation } from "../../core/channel.ts";
import type { Related } from "../../core/match.ts";
import type { OrgKey } from "../../core/org.ts";
import type { Values } from "../../core/record.ts";
import type { ChangeRow, ChangeRows, NewChange } from "../ports/changes.ts";
import { type Database, arg, isOrAny } from "./database.ts";
import { isInWindow, logWindow } from "./log-window.ts";
import type { Tables } from "./tables.ts";

export const changeColumns = [
  "org",
  "id",
  "module",
  "record_id",
  "operation",
  "changed_fields",
  "at",
  "by",
  "write",
  "before",
  "after",
  "related",
] as const;

/** What writes did, for people, explanations and replays to read: by id, which is the order of the commits. */
export function sqlChangeLog(db: Database): Omit<ChangeRows, "insert"> {
  const ofOrg = db.builder.selectFrom("changes").selectAll().where("org", "=", arg<number>("org"));
  const byId = db.first(ofOrg.where("id", "=", arg<number>("id")));
  // The changes of a write follow each other, and no write has more than its limit.
  const ofWrite = db.all(
    ofOrg.where("id", ">=", arg<number>("write")).where("write", "=", arg<number>("write")).orderBy("id").limit(arg<number>("limit")),
  );
  const after = db.all(
    ofOrg.where("id", ">=", arg<number>("fromId")).where("id", "<", arg<number>("untilId")).orderBy("id").limit(arg<number>("limit")),
  );
  return {
    byId: async (org, id) => {
      const row = await byId({ org, id });
      return row === null ? null : readChange(row);
    },
    ofWrite: async (org, write) => (await ofWrite({ org, write, limit: changesPerWriteMax })).map(readChange),
    ...listStatement(db),
    after: async (org, range) => (await after({ org, ...range })).map(readChange),
  };
}

/** A bound for the reader; a write of records is bounded by `recordsPerWriteMax`. */
const changesPerWriteMax = 1_000;

function listStatement(db: Database): Pick<ChangeRows, "list"> {
  const q = db.builder;
  const pageOfLog = logWindow(db, "changes");
  const list = db.all(
    q
      .selectFrom("changes")
      .selectAll()
      .where(isInWindow)
      .where(isOrAny("module", "module"))
      .where(isOrAny("record_id", "recordId"))
      .where(isOrAny("operation", "operation"))
      .orderBy("id", "desc")
      .limit(arg<number>("limit")),
  );
  return {
    list: async (org, { module, recordId, operation, from, until }, { beforeId, limit, look }) => {
      const range = { org, beforeId: Math.min(beforeId, firstIdAt(until ?? Infinity)), fromId: firstIdAt(from ?? 0) };
      const { rows, nextId } = await pageOfLog({ ...range, limit, look }, (window) => list({ module, recordId, operation, ...window }));
      return { rows: rows.map(readChange), nextId };
    },
  };
}

/** The change as a row; `write` null: it is the first of its write. */
export function writeChange(
  org: OrgKey,
  change: NewChange,
  ids: { readonly id: number; readonly write: number | null },
): Tables["changes"] {
  return {
    org,
    id: ids.id,
    module: change.module,
    record_id: change.recordId,
    operation: change.operation,
    changed_fields: JSON.stringify(change.changedFields),
    at: change.at,
    by: change.by,
    write: ids.write ?? ids.id,
    before: change.before === null ? null : JSON.stringify(change.before),
    after: change.after === null ? null : JSON.stringify(change.after),
    related: change.related.length === 0 ? null : JSON.stringify(change.related),
  };
}

function readChange(row: Tables["changes"]): ChangeRow {
  return {
    id: row.id,
    write: row.write,
    module: row.module,
    recordId: row.record_id,
    operation: row.operation as Operation,
    changedFields: JSON.parse(row.changed_fields) as string[],
    at: row.at,
    by: row.by,
    before: row.before === null ? null : (JSON.parse(row.before) as Values),
    after: row.after === null ? null : (JSON.parse(row.after) as Values),
    related: row.related === null ? [] : (JSON.parse(row.related) as Related[]),
  };
}
