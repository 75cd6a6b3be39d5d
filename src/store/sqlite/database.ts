/**
 * A SQLite database behind `node:sqlite`. A statement is prepared once; from then on running it costs what SQLite costs.
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { Kysely, SqliteDialect } from "kysely";
import { type Arguments, type Compilable, argumentNames, argumentOf } from "../sql/database.ts";
import { type Dialect, sqliteDialect } from "../sql/dialect.ts";
import type { Tables } from "../sql/tables.ts";

/** As the shared one, but answering at once. */
export type Database = {
  readonly builder: Kysely<Tables>;
  readonly dialect: Dialect;
  readonly connection: DatabaseSync;
  all<Row>(query: Compilable<Row>): (values: Arguments) => Row[];
  first<Row>(query: Compilable<Row>): (values: Arguments) => Row | null;
  run(query: Compilable<unknown>): (values: Arguments) => number;
};

export { arg, rowOf } from "../sql/database.ts";

/** Opens the file, or a database in memory; `busy_timeout` comes first, so that the change to WAL can wait for a reader. */
export function openDatabase(path: string): Database {
  const connection = new DatabaseSync(path);
  connection.exec("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
  connection.exec("PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY;");
  const builder = new Kysely<Tables>({ dialect: new SqliteDialect({ database: asKyselyDatabase(connection) }) });
  return {
    builder,
    dialect: sqliteDialect,
    connection,
    all: (query) => {
      const { statement, order } = prepare(connection, query);
      return (values) => statement.all(...order.map((name) => argumentOf(values, name))) as never;
    },
    first: (query) => {
      const { statement, order } = prepare(connection, query);
      return (values) => (statement.get(...order.map((name) => argumentOf(values, name))) ?? null) as never;
    },
    run: (query) => {
      const { statement, order } = prepare(connection, query);
      return (values) => Number(statement.run(...order.map((name) => argumentOf(values, name))).changes);
    },
  };
}

function prepare(connection: DatabaseSync, query: Compilable<unknown>): { statement: StatementSync; order: readonly string[] } {
  const compiled = query.compile();
  return { statement: connection.prepare(compiled.sql), order: argumentNames(compiled) };
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
