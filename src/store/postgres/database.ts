/** PostgreSQL as the row groups see it: Kysely writes the SQL, the session runs it on the connection of its transaction. */
import { Kysely, PostgresDialect } from "kysely";
import type { Pool } from "pg";
import { type Arguments, type Compilable, type Database, argumentNames, argumentOf } from "../sql/database.ts";
import { postgresDialect } from "../sql/dialect.ts";
import type { Tables } from "../sql/tables.ts";
import { type Prepared, type Session, prepared } from "./session.ts";

export type PostgresDatabase = Database & {
  readonly session: Session;
  /** The same, without a write taking its org. */
  readonly unheld: Database;
  /** A statement in PostgreSQL's own words, its arguments by place. It takes no org by itself. */
  rows<Row>(text: string): (...values: readonly unknown[]) => Promise<Row[]>;
  /** As `rows`; gives the number of rows that it changed. */
  changed(text: string): (...values: readonly unknown[]) => Promise<number>;
  /** As `rows`, where nothing that is still to be written matters. */
  asked<Row>(text: string): (...values: readonly unknown[]) => Promise<Row[]>;
  /** As `asked`; gives the number of rows that it changed. */
  askedChange(text: string): (...values: readonly unknown[]) => Promise<number>;
  /** As `asked`; nobody waits for its end but the transaction. */
  posted(text: string): (...values: readonly unknown[]) => void;
};

export function builderOver(pool: Pool): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}

/** A database to build statements over a session; a write of an org's takes the org first. */
export function postgresDatabase(builder: Kysely<Tables>, session: Session): PostgresDatabase {
  const rows = (text: string, how: "query" | "ask") => {
    const statement = prepared(text);
    return async (...values: readonly unknown[]) => (await session[how](statement, values)).rows as never;
  };
  const changed = (text: string, how: "query" | "ask") => {
    const statement = prepared(text);
    return async (...values: readonly unknown[]) => (await session[how](statement, values)).rowCount ?? 0;
  };
  const posted = (text: string) => {
    const statement = prepared(text);
    return (...values: readonly unknown[]) => session.post(statement, values);
  };
  return {
    ...compiledBy(builder, session, { isHeld: true }),
    unheld: compiledBy(builder, session, { isHeld: false }),
    session,
    rows: (text) => rows(text, "query"),
    changed: (text) => changed(text, "query"),
    asked: (text) => rows(text, "ask"),
    askedChange: (text) => changed(text, "ask"),
    posted,
  };
}

function compiledBy(builder: Kysely<Tables>, session: Session, { isHeld }: { readonly isHeld: boolean }): Database {
  const running = (query: Compilable<unknown>) => {
    let statement: Statement | null = null;
    return async (values: Arguments) => {
      statement ??= prepare(query);
      const { org } = values;
      if (isHeld && statement.isWrite && typeof org === "number") await session.orgs.hold(org);
      return session.query(
        statement.prepared,
        statement.order.map((name) => argumentOf(values, name)),
      );
    };
  };
  return {
    builder,
    dialect: postgresDialect,
    all: (query) => {
      const run = running(query);
      return async (values) => (await run(values)).rows as never;
    },
    first: (query) => {
      const run = running(query);
      return async (values) => ((await run(values)).rows[0] ?? null) as never;
    },
    run: (query) => {
      const run = running(query);
      return async (values) => (await run(values)).rowCount ?? 0;
    },
  };
}

type Statement = { readonly prepared: Prepared; readonly order: readonly string[]; readonly isWrite: boolean };

/** An argument that stands in the query several times is sent once: so PostgreSQL finds its type where any of them tells. */
function prepare(query: Compilable<unknown>): Statement {
  const compiled = query.compile();
  const names = argumentNames(compiled);
  const order = [...new Set(names)];
  const text = compiled.sql.replaceAll(/\$(\d+)/g, (_, place: string) => `$${String(order.indexOf(names[Number(place) - 1] ?? "") + 1)}`);
  return { prepared: prepared(text), order, isWrite: /^\s*(insert|update|delete)\b/i.test(text) };
}
