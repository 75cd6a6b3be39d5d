/**
 * The store that the tests of use cases and of the server run over: SQLite in memory, or with `WATCHPOST_TEST_STORE=postgres` a fresh database of
 * a PostgreSQL server of this process.
 */
import { test } from "node:test";
import { type EngineOptions, type StoreEngine, openEngine } from "../../src/app/engine.ts";
import { openPostgresEngine } from "../../src/app/open-postgres-engine.ts";
import { systemClock } from "../../src/config/system.ts";
import { openPostgresStore } from "../../src/store/postgres/open.ts";
import { openSqliteStore } from "../../src/store/sqlite/open.ts";
import type { Store } from "../../src/store/store.ts";
import { PostgresServer } from "./postgres.ts";

const isPostgres = process.env["WATCHPOST_TEST_STORE"] === "postgres";
const server = isPostgres ? await PostgresServer.start() : null;
if (server !== null) test.after(() => server[Symbol.asyncDispose]());

export async function openTestStore(): Promise<Store> {
  return server === null ? openSqliteStore(null) : openPostgresStore({ url: await server.database(), connectionsMax: 3 });
}

/** An engine over a store of its own; one that asks for a folder gets it whatever the tests run over. */
export async function openTestEngine(options: EngineOptions): Promise<StoreEngine> {
  if (server === null || options.dataFolder !== null) return openEngine(options);
  const own = { realClock: systemClock, random: { next: () => Math.random() }, stopwatch: () => performance.now() };
  return openPostgresEngine(await server.database(), { ...options, ...own });
}
