/** Constraints that several steps of the schema use. */
import { sql } from "kysely";

/** The column holds one of the words. */
export function isOneOf(column: string, values: readonly string[]) {
  return sql`${sql.ref(column)} in (${sql.join(values.map((value) => sql.lit(value)))})`;
}
