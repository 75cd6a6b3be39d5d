/**
 * Pages of a log, the newest first. A page looks through so many rows at most, whatever its filter leaves of them, so that no write waits long; where it
 * has looked through all of them, it says where the next one goes on.
 */
import { type SqlBool, sql } from "kysely";
import type { OrgKey } from "../../core/org.ts";
import type { Awaitable } from "../store.ts";
import { type Arguments, type Database, arg, compilable } from "./database.ts";

type Asked = {
  readonly org: OrgKey;
  /** Behind it the page ends, whatever there is. */
  readonly fromId: number;
  readonly beforeId: number;
  readonly limit: number;
  /** How many rows are looked through. */
  readonly look: number;
};

/** What a page's statement says besides its filter, `order by id desc` and `limit`; what `logWindow` makes gives the arguments. */
export const isInWindow = sql<SqlBool>`org = ${arg("org")} and id < ${arg("beforeId")} and id >= ${arg("fromId")}`;

/** Gives pages of the table. `find` runs the page's statement. */
export function logWindow(db: Database, table: "changes" | "deliveries") {
  const last = db.first(
    compilable<{ id: number }>(
      db,
      sql`select id from ${sql.table(table)} where ${isInWindow} order by id desc limit 1 offset ${arg("look")}`,
    ),
  );
  return async <Row extends { readonly id: number }>(
    { look, limit, ...range }: Asked,
    find: (window: Arguments) => Awaitable<readonly Row[]>,
  ): Promise<{ readonly rows: readonly Row[]; readonly nextId: number | null }> => {
    const endId = (await last({ ...range, look: look - 1 }))?.id ?? null;
    const rows = await find({ ...range, fromId: Math.max(range.fromId, endId ?? 0), limit: limit + 1 });
    const given = rows.slice(0, limit);
    return { rows: given, nextId: rows.length > limit ? (given.at(-1)?.id ?? null) : endId };
  };
}
