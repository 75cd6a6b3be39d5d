import assert from "node:assert/strict";
import { test } from "node:test";
import { storeQueue } from "../../src/queue/store-queue.ts";
import { PostgresServer } from "../support/postgres.ts";
import { countStatements } from "./statements.ts";

const server = await PostgresServer.start(["shared_preload_libraries=pg_stat_statements"]);
test.after(() => server[Symbol.asyncDispose]());

const edits = 200;
const atOnce = 50;

test(`${String(edits)} edits, ${String(atOnce)} at a time, cost less than 0.3 statements each, from the change to the end of its delivery`, async () => {
  const load = { edits, atOnce, queueOver: (engine: Parameters<typeof storeQueue>[0]) => Promise.resolve(storeQueue(engine)) };
  const { calls, what } = await countStatements(await server.database(), load);
  assert.ok(calls < edits * 0.3, `${String(calls)} statements:\n${what}`);
});
