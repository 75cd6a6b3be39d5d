/** What processes on one database tell each other beside it. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { Client } from "pg";
import { systemClock } from "../../src/config/system.ts";
import { openHintWire } from "../../src/store/postgres/hints.ts";
import { TcpProxy } from "../chaos/tcp-proxy.ts";
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

test("a connection that stands and leads nowhere is made anew, and whoever listens hears all that may have been missed", async () => {
  const url = new URL(await server.bareDatabase());
  await using proxy = await TcpProxy.start(Number(url.port));
  url.port = String(proxy.port);
  const wire = openHintWire(url.href, systemClock, { hintReconnectMs: 1, hintAskMs: 20, hintAnswerMs: 200 });
  let whole = Promise.withResolvers<void>();
  const heard = new Set<string>();
  wire.onHint((topic) => {
    heard.add(topic);
    if (heard.size === 3) whole.resolve();
  });
  await whole.promise;
  heard.clear();
  whole = Promise.withResolvers();
  proxy.turn({ kind: "still", ways: ["toServer", "toNode"] });
  const before = proxy.connections;
  while (proxy.connections === before) await setTimeout(5);
  proxy.clear();
  await whole.promise;
  assert.deepEqual([...heard].toSorted(), ["due", "notice", "replay"]);
  await wire.close();
});

test("the hints end also where their connection leads nowhere any more", async () => {
  const url = new URL(await server.bareDatabase());
  await using proxy = await TcpProxy.start(Number(url.port));
  url.port = String(proxy.port);
  const wire = openHintWire(url.href, systemClock);
  await new Promise<void>((resolve) => wire.onHint(() => resolve()));
  proxy.lose();
  await wire.close();
});
