/** What processes on one database tell each other beside it. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Client } from "pg";
import { systemClock } from "../../src/config/system.ts";
import { openHintWire } from "../../src/store/postgres/hints.ts";
import { PostgresServer } from "../support/postgres.ts";

const server = await PostgresServer.start();
test.after(() => server[Symbol.asyncDispose]());

test("what is told before there is a connection is told when there is one", async () => {
  const url = await server.bareDatabase();
  const listening = new Client({ connectionString: url });
  await listening.connect();
  await listening.query("listen watchpost_due");
  const wire = openHintWire(url, systemClock);
  const heard = once(listening, "notification");
  wire.send("due");
  const [{ channel }] = (await heard) as [{ readonly channel: string }];
  assert.equal(channel, "watchpost_due");
  await wire.close();
  await listening.end();
});
