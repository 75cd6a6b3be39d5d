/** What processes on one database tell each other beside it. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Client } from "pg";
import { systemClock } from "../../src/config/system.ts";
import { openHintWire } from "../../src/store/postgres/hints.ts";
import { TcpProxy } from "../chaos/tcp-proxy.ts";
import { ManualClock } from "../support/clock.ts";
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

/**
 * 2026-11-26: where a network had forgotten the connection, nobody heard of it, and nothing told by this process or told to it came any more: what
 * a node with `api` alone wrote waited until another had something to tell.
 */
test("a connection whose other end is gone without a word is made anew, and all is told that may have been missed", async () => {
  await using it = await overProxy();
  const told = it.rings;
  it.proxy.lose();
  await it.passUntil(() => it.rings > told);
  let heard = 0;
  it.other.on("notification", () => (heard += 1));
  await it.other.query("listen watchpost_due");
  it.wire.send("due");
  await it.passUntil(() => heard > 0);
});

test("the hints end also where their connection leads nowhere any more", async () => {
  await using it = await overProxy();
  it.proxy.lose();
  let isClosed = false;
  void Promise.resolve(it.wire.close()).then(() => (isClosed = true));
  await it.passUntil(() => isClosed);
});

/** Hints that have a connection through a proxy, on a clock that moves with the answers to another client. */
async function overProxy() {
  const url = await server.bareDatabase();
  const proxy = await TcpProxy.start(server.port);
  const other = new Client({ connectionString: url });
  await other.connect();
  const through = new URL(url);
  through.port = String(proxy.port);
  const clock = new ManualClock(0);
  const wire = openHintWire(through.href, clock);
  let rings = 0;
  wire.onHint(() => (rings += 1));
  const passUntil = async (isMet: () => boolean): Promise<void> => {
    while (!isMet()) {
      await other.query("");
      clock.advance(100);
    }
  };
  await passUntil(() => rings > 0);
  return {
    get rings() {
      return rings;
    },
    proxy,
    other,
    wire,
    passUntil,
    [Symbol.asyncDispose]: async () => {
      let isClosed = false;
      void Promise.resolve(wire.close()).then(() => (isClosed = true));
      await passUntil(() => isClosed);
      await other.end();
      await proxy[Symbol.asyncDispose]();
    },
  };
}
