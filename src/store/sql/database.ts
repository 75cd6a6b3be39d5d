/**
 * What the row groups ask of a database, whichever it is: one text for all of them. A statement is built by Kysely and compiled once, with
 * named arguments in it; what differs between the databases is in their `Dialect`. SQLite answers at once, a server with a promise.
 */
import { type CompiledQuery, type Insertable, type Kysely, type RawBuilder, type SqlBool, sql } from "kysely";
import type { OrgKey } from "../../core/org.ts";
import type { Awaitable } from "../store.ts";
import type { Dialect } from "./dialect.ts";
import type { Tables } from "./tables.ts";

export type Arguments = Readonly<Record<string, string | number | null>>;

export type Database = {
  /** Builds SQL; its queries are compiled, not executed, except by the migrator. */
  readonly builder: Kysely<Tables>;
  readonly dialect: Dialect;
  /** The rows that the query gives. */
  all<Row>(query: Compilable<Row>): (values: Arguments) => Awaitable<Row[]>;
  /** The first row, or null. */
  first<Row>(query: Compilable<Row>): (values: Arguments) => Awaitable<Row | null>;
  /** Executes; gives the number of rows that it changed. */
  run(query: Compilable<unknown>): (values: Arguments) => Awaitable<number>;
};

export type Compilable<Row> = { compile(): CompiledQuery<Row> };

/** Where ids come from that are made of instants (`core/commit-ids.ts`). */
export type IdSource = {
  /** Larger than every earlier one of the org. */
  next(org: OrgKey, nowMs: number): Awaitable<number>;
  /** Larger than every earlier one of this kind, of whatever org, in the order of the commits. */
  nextOverOrgs(nowMs: number): Awaitable<number>;
};

export class NamedArgument {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** Stands in a query for a value that is given, by this name, when the statement runs. */
export function arg<T>(name: string): RawBuilder<T> {
  return sql<T>`${new NamedArgument(name)}`;
}

/** The column holds the argument of this name, or that is null: any will do. */
export function isOrAny(column: string, name: string): RawBuilder<SqlBool> {
  // In this order, for PostgreSQL learns the argument's type where it meets it first.
  return sql<SqlBool>`(${sql.ref(column)} = ${arg(name)} or ${arg(name)} is null)`;
}

/** A row whose every column is given, by the column's own name, when the statement runs. */
export function rowOf<Table extends keyof Tables>(columns: readonly (keyof Tables[Table] & string)[]): Insertable<Tables[Table]> {
  // Kysely takes an expression wherever it takes a value; its type of a whole row does not say so.
  return Object.fromEntries(columns.map((column) => [column, arg(column)])) as never;
}

/** A text of SQL that Kysely's builder has no words for. */
export function compilable<Row>(db: Pick<Database, "builder">, query: RawBuilder<unknown>): Compilable<Row> {
  return { compile: () => query.compile(db.builder) };
}

/** What a statement that always gives a row gave. */
export function found<Row>(row: Row | null): Row {
  if (row === null) throw new Error("invariant broken: the statement gave no row");
  return row;
}

/** The names of the arguments of a compiled query, in the order in which they stand in it. */
export function argumentNames(compiled: CompiledQuery<unknown>): readonly string[] {
  return compiled.parameters.map((parameter) => {
    if (!(parameter instanceof NamedArgument)) throw new Error("invariant broken: a value stands in a compiled statement");
    return parameter.name;
  });
}

export function argumentOf(values: Arguments, name: string): string | number | null {
  const value = values[name];
  if (value === undefined) throw new Error(`invariant broken: the statement's argument ${name} is missing`);
  return value;
}
