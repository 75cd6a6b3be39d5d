/** What the databases say differently, a value each; the row groups ask it and know no database. */
import { type RawBuilder, sql } from "kysely";

type Expression<T = unknown> = RawBuilder<T>;

export type Dialect = {
  /** The field of a JSON text as text; null where it has none. `field`: what `fieldName` made, as an argument or a literal. */
  readonly jsonText: (json: Expression, field: Expression) => Expression<string | null>;
  /** How `jsonText` is told of a field. */
  readonly fieldName: (field: string) => string;
  /** Small letters for A to Z, and nothing else. */
  readonly lower: (text: Expression) => Expression<string>;
  /** Whether the text is one of a JSON list of texts. */
  readonly isOneOf: (text: Expression, list: Expression<string>) => Expression<boolean>;
  /** Whether one text stands in another. */
  readonly contains: (text: Expression, part: Expression<string>) => Expression<boolean>;
  /** Behind a table's name: read it along this index. */
  readonly along: (index: string) => Expression;
  /** The column, kept from being looked for in an index. */
  readonly unindexed: (column: string) => Expression<string | number>;
};

export const sqliteDialect: Dialect = {
  jsonText: (json, field) => sql`cast(json_extract(${json}, ${field}) as text)`,
  // An API name has no character that a path of SQLite's would read as its own.
  fieldName: (field) => `$."${field}"`,
  lower: (text) => sql`lower(${text})`,
  isOneOf: (text, list) => sql`${text} in (select value from json_each(${list}))`,
  contains: (text, part) => sql`instr(${text}, ${part}) > 0`,
  along: (index) => sql` indexed by ${sql.ref(index)}`,
  unindexed: (column) => sql`+${sql.ref(column)}`,
};

/** `watchpost_json` is a function of the first migration: it reads also what JSON may hold and PostgreSQL's texts may not. */
export const postgresDialect: Dialect = {
  jsonText: (json, field) => sql`(watchpost_json(${json}) ->> ${field}::text) collate "C"`,
  fieldName: (field) => field,
  lower: (text) => sql`lower(${text})`,
  isOneOf: (text, list) => sql`${text} in (select json_array_elements_text(watchpost_json(${list}::text)) collate "C")`,
  contains: (text, part) => sql`strpos(${text}, ${part}) > 0`,
  along: () => sql``,
  unindexed: (column) => sql`${sql.ref(column)}`,
};
