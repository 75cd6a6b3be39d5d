/**
 * A SQLite database behind `node:sqlite`, with Kysely as the writer of SQL. A statement is built and compiled once, with named
 * arguments in it; from then on running it costs what SQLite costs.
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { type CompiledQuery, type Insertable, Kysely, type RawBuilder, SqliteDialect, sql } from "kysely";
import type { Tables } from "./tables.ts";

type Arguments = Readonly<Record<string, SQLInputValue>>;

export type Database = {
  /** Builds SQL; its queries are compiled, not executed, except by the migrator. */
  readonly builder: Kysely<Tables>;
  readonly connection: DatabaseSync;
  /** The rows that the query gives. */
  all<Row>(query: Compilable<Row>): (values: Arguments) => Row[];
  /** The first row, or null. */
  first<Row>(query: Compilable<Row>): (values: Arguments) => Row | null;
  /** Executes; gives the number of rows that it changed. */
  run(query: Compilable<unknown>): (values: Arguments) => number;
};

export type Compilable<Row> = { compile(): CompiledQuery<Row> };

class NamedArgument {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** Stands in a query for a value that is given, by this name, when the statement runs. */
export function arg<T>(name: string): RawBuilder<T> {
  return sql<T>`${new NamedArgument(name)}`;
}

/** A row whose every column is given, by the column's own name, when the statement runs. */
export function rowOf<Table extends keyof Tables>(columns: readonly (keyof Tables[Table] & string)[]): Insertable<Tables[Table]> {
  // Kysely takes an expression wherever it takes a value; its type of a whole row does not say so.
  return Object.fromEntries(columns.map((column) => [column, arg(column)])) as never;
}

/** Opens the file, or a database in memory; `busy_timeout` comes first, so that the change to WAL can wait for a reader. */
export function openDatabase(path: string): Database {
  const connection = new DatabaseSync(path);
  connection.exec("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
  connection.exec("PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY;");
  const builder = new Kysely<Tables>({ dialect: new SqliteDialect({ database: asKyselyDatabase(connection) }) });
  return {
    builder,
    connection,
    all: (query) => {
      const { statement, order } = prepare(connection, query);
      return (values) => statement.all(...order.map((name) => valueOf(values, name))) as never;
    },
    first: (query) => {
      const { statement, order } = prepare(connection, query);
      return (values) => (statement.get(...order.map((name) => valueOf(values, name))) ?? null) as never;
    },
    run: (query) => {
      const { statement, order } = prepare(connection, query);
      return (values) => Number(statement.run(...order.map((name) => valueOf(values, name))).changes);
    },
  };
}

/** What a statement that always gives a row gave. */
export function found<Row>(row: Row | null): Row {
  if (row === null) throw new Error("invariant broken: the statement gave no row");
  return row;
}

function prepare(connection: DatabaseSync, query: Compilable<unknown>): { statement: StatementSync; order: readonly string[] } {
  const compiled = query.compile();
  const order = compiled.parameters.map((parameter) => {
    if (!(parameter instanceof NamedArgument)) throw new Error("invariant broken: a value stands in a compiled statement");
    return parameter.name;
  });
  return { statement: connection.prepare(compiled.sql), order };
}

function valueOf(values: Arguments, name: string): SQLInputValue {
  const value = values[name];
  if (value === undefined) throw new Error(`invariant broken: the statement's argument ${name} is missing`);
  return value;
}

/** What Kysely's dialect asks of a driver; used for the migrations alone. */
function asKyselyDatabase(connection: DatabaseSync) {
  return {
    close: () => {
      /* The connection is closed by its owner. */
    },
    prepare: (text: string) => {
      const statement = connection.prepare(text);
      return {
        reader: statement.columns().length > 0,
        all: (parameters: readonly unknown[]) => statement.all(...(parameters as SQLInputValue[])),
        run: (parameters: readonly unknown[]) => statement.run(...(parameters as SQLInputValue[])),
        iterate: (parameters: readonly unknown[]) => statement.iterate(...(parameters as SQLInputValue[])),
      };
    },
  };
}
