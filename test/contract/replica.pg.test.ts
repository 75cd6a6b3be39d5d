/** A database whose commits wait for a replica. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Client } from "pg";
import { openPostgresStore } from "../../src/store/postgres/open.ts";
import { StoreFault } from "../../src/store/store-fault.ts";
import { PostgresServer, query } from "../support/postgres.ts";

const server = await PostgresServer.start();
test.after(() => server[Symbol.asyncDispose]());

/**
 * 2026-11-26: PostgreSQL answers a commit that waits for its replica for longer than a statement may take with success, and a warning that the replica may not
 * have it: what was answered so would be lost where the replica took over.
 */
test("a commit that the database made alone, for its replica is away, is no success, and the connection goes on", async () => {
  const url = await server.database();
  const store = await openPostgresStore({ url, connectionsMax: 1 });
  const look = new Client({ connectionString: url });
  await look.connect();
  await look.query("set synchronous_commit = local");
  await query(server.url("postgres"), "alter system set synchronous_standby_names = 'away'");
  await query(server.url("postgres"), "select pg_reload_conf()");
  const org = { zgid: "1", name: "Acme", timeZone: "UTC", currency: "USD", createdAt: 1 };
  const written = store.transaction(async (tx) => tx.orgs.insertOrg(org));
  // In place of the time that a statement may take.
  const cancel = "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'";
  const cancelled = (async () => {
    while ((await look.query(cancel)).rowCount === 0);
  })();
  await assert.rejects(written, (error) => error instanceof StoreFault && error.retryable && error.message.includes("replica"));
  await cancelled;
  await look.query("alter system set synchronous_standby_names = ''");
  await look.query("select pg_reload_conf()");
  assert.equal(
    (await store.transaction(async (tx) => tx.orgs.allOrgs())).length,
    1,
    "it may have been kept, as after any commit whose answer was lost",
  );
  await store.close();
  await look.end();
});
