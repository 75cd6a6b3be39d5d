/** No channel and no delivery leads where only the server can reach: neither by what a URL shows, nor by what its name stands for. */
import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { test } from "node:test";
import { createTargetGuard } from "../../src/app/target-guard.ts";
import type { TargetGuard } from "../../src/app/target-guard.ts";
import type { AttemptEntry } from "../../src/core/attempt.ts";
import { buildCatalog } from "../../src/core/standard-catalog.ts";
import { attempt } from "../../src/dispatch/attempt.ts";
import type { Lookup } from "../../src/dispatch/connect.ts";
import { versions } from "../../src/wire/versions.ts";
import { readWatchItem } from "../../src/wire/watch-request.ts";
import { openAttempts } from "../support/attempts.ts";
import { claimOf } from "../support/claims.ts";
import { ManualClock } from "../support/clock.ts";
import { harmlessUrls, hostileAddresses, hostileTexts, hostileUrls } from "../support/hostile-targets.ts";
import { Receiver } from "../support/receiver.ts";

const strict = createTargetGuard({ allowedCidrs: [] });
const catalog = buildCatalog({ zgid: "554023000", modules: [], fields: new Map() });
/** Stands for a public address: the only one on this machine that may be dialled, and the receiver that should get the POST. */
const publicAddress = "127.0.0.2";
const guard = createTargetGuard({ allowedCidrs: [`${publicAddress}/32`] });

/** null when the item is read; else what it is refused for. */
function refusalOf(notifyUrl: string): unknown {
  const item = { channel_id: "1000000068002", events: ["Deals.edit"], notify_url: notifyUrl };
  const isTargetAllowed = (url: URL): boolean => strict.isUrlAllowed(url);
  const read = readWatchItem(item, { index: 0, mode: "enable", version: versions.v6, catalog, now: 0, isTargetAllowed });
  return read.ok ? null : read.error;
}

const refused = { code: "value_invalid", path: ["watch", 0, "notify_url"] };

type Sender = AsyncDisposable & { readonly attempt: (notifyUrl: string) => Promise<AttemptEntry> };

function sender(judge: TargetGuard, lookup: Lookup): Sender {
  const clock = new ManualClock(0);
  const attempts = openAttempts({ clock, guard: judge, lookup });
  return {
    attempt: async (notifyUrl) => (await attempt(claimOf({ notifyUrl }), attempts.context)).entry,
    [Symbol.asyncDispose]: () => attempts[Symbol.asyncDispose](),
  };
}

/** A resolver that gives the answers one after the other, then the last for ever, and counts how often it was asked. */
function resolver(...answers: readonly (readonly string[])[]): { readonly lookup: Lookup; readonly asked: () => number } {
  let asked = 0;
  const lookup: Lookup = (_hostname, _options, callback) => {
    const answer = answers[Math.min(asked, answers.length - 1)] ?? [];
    asked += 1;
    callback(
      null,
      answer.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  };
  return { lookup, asked: () => asked };
}

const noLookup: Lookup = (hostname) => assert.fail(`${hostname} was looked up`);

/** The internal service: listens where nothing may be sent, and counts who comes. */
async function startInternal(): Promise<AsyncDisposable & { readonly port: number; readonly visits: () => number }> {
  let visits = 0;
  const server = createServer((socket) => {
    visits += 1;
    socket.on("error", () => undefined).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    visits: () => visits,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, "close");
    },
  };
}

/** A receiver at the address that stands for a public one, on the port of the internal service. */
async function startPublic(port: number, respond: string): Promise<AsyncDisposable & { readonly visits: () => number }> {
  let visits = 0;
  const server = createServer((socket) => {
    socket
      .on("error", () => undefined)
      .on("data", () => {
        visits += 1;
        socket.end(respond);
      });
  });
  server.listen(port, publicAddress);
  await once(server, "listening");
  return {
    visits: () => visits,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, "close");
    },
  };
}

const good = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";

test("there are at least eighty URLs, each once", () => {
  const urls = Object.values(hostileUrls).flat();
  assert.ok(urls.length >= 80);
  for (const table of [urls, hostileTexts, Object.values(hostileAddresses).flat()]) assert.equal(new Set(table).size, table.length);
});

for (const [trick, urls] of Object.entries(hostileUrls)) {
  test(`a URL is refused at the subscription and at the delivery: ${trick}`, async () => {
    await using it = sender(strict, noLookup);
    for (const url of urls) {
      assert.deepEqual(refusalOf(url), refused, url);
      const { outcome, httpStatus, error } = await it.attempt(url);
      assert.deepEqual([outcome, httpStatus, error], ["refused_target", null, "the target's address is not allowed"], url);
    }
  });
}

test("what is no URL of HTTP is refused at the subscription", () => {
  for (const text of hostileTexts) assert.deepEqual(refusalOf(text), refused, JSON.stringify(text));
});

test("what leads elsewhere is not refused", () => {
  for (const url of harmlessUrls) assert.equal(refusalOf(url), null, url);
});

for (const [range, addresses] of Object.entries(hostileAddresses)) {
  test(`a name is refused when it is dialled for what it stands for: ${range}`, async () => {
    for (const address of addresses) {
      const url = "https://hook.example:8443/callback";
      assert.equal(refusalOf(url), null);
      const { lookup, asked } = resolver([address]);
      await using it = sender(strict, lookup);
      assert.equal((await it.attempt(url)).outcome, "refused_target", address);
      assert.equal(asked(), 1);
    }
  });
}

test("a name that leads outside when it is subscribed and first dialled, and inside later, is refused from then on", async () => {
  await using internal = await startInternal();
  await using outside = await startPublic(internal.port, good);
  const { lookup } = resolver([publicAddress], ["127.0.0.1"]);
  await using it = sender(guard, lookup);
  const url = `http://rebinding.example:${internal.port}/`;
  assert.equal((await it.attempt(url)).outcome, "delivered");
  for (let turn = 0; turn < 3; turn += 1) assert.equal((await it.attempt(url)).outcome, "refused_target");
  assert.deepEqual([outside.visits(), internal.visits()], [1, 0]);
});

test("a name is looked up once a connection, so that no second answer can lead elsewhere", async () => {
  await using internal = await startInternal();
  await using outside = await startPublic(internal.port, good);
  const { lookup, asked } = resolver([publicAddress], ["127.0.0.1"]);
  await using it = sender(guard, lookup);
  assert.equal((await it.attempt(`http://rebinding.example:${internal.port}/`)).outcome, "delivered");
  assert.deepEqual([asked(), outside.visits(), internal.visits()], [1, 1, 0]);
});

test("of an answer with addresses of both kinds only those outside are dialled, in any order", async () => {
  await using internal = await startInternal();
  await using outside = await startPublic(internal.port, good);
  const answers = [
    ["127.0.0.1", publicAddress],
    [publicAddress, "127.0.0.1"],
    ["::1", "127.0.0.1", "169.254.169.254", publicAddress, "10.0.0.1"],
  ];
  for (const answer of answers) {
    await using it = sender(guard, resolver(answer).lookup);
    assert.equal((await it.attempt(`http://mixed.example:${internal.port}/`)).outcome, "delivered", answer.join());
  }
  assert.deepEqual([outside.visits(), internal.visits()], [3, 0]);
});

test("when nobody listens outside, what else the name stands for is not tried", async () => {
  await using internal = await startInternal();
  await using it = sender(guard, resolver([publicAddress, "127.0.0.1", "::1"]).lookup);
  const entry = await it.attempt(`http://mixed.example:${internal.port}/`);
  assert.deepEqual([entry.outcome, entry.error], ["unreachable", "connection refused"]);
  assert.equal(internal.visits(), 0);
});

test("a redirect is not followed, whatever its status and wherever it leads", async () => {
  await using internal = await Receiver.start();
  await using probe = await startInternal();
  const port = probe.port;
  const locations = [
    internal.url(),
    `http://localhost:${internal.port}/`,
    `//127.0.0.1:${internal.port}/`,
    "http://169.254.169.254/",
    "/again",
  ];
  for (const status of [300, 301, 302, 303, 305, 307, 308]) {
    for (const location of locations) {
      await using outside = await startPublic(port, `HTTP/1.1 ${status} Elsewhere\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`);
      await using it = sender(guard, resolver([publicAddress], ["127.0.0.1"]).lookup);
      const { outcome, httpStatus } = await it.attempt(`http://redirecting.example:${port}/`);
      assert.deepEqual([outcome, httpStatus], ["rejected", status]);
      assert.equal(outside.visits(), 1);
    }
  }
  assert.deepEqual([internal.received.length, probe.visits()], [0, 0]);
});

test("nothing else that an answer says leads anywhere", async () => {
  await using internal = await Receiver.start();
  await using probe = await startInternal();
  const headers = [
    `Refresh: 0; url=${internal.url()}`,
    `Alt-Svc: h2="127.0.0.1:${internal.port}"`,
    `Link: <${internal.url()}>; rel=preload`,
  ];
  const answer = `HTTP/1.1 200 OK\r\n${headers.join("\r\n")}\r\nContent-Location: ${internal.url()}\r\nContent-Length: 0\r\n\r\n`;
  await using outside = await startPublic(probe.port, answer);
  await using it = sender(guard, resolver([publicAddress]).lookup);
  for (let turn = 0; turn < 2; turn += 1) assert.equal((await it.attempt(`http://hinting.example:${probe.port}/`)).outcome, "delivered");
  assert.deepEqual([outside.visits(), internal.received.length, probe.visits()], [2, 0, 0]);
});
