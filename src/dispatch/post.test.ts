import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { createServer } from "node:net";
import { setImmediate } from "node:timers/promises";
import { test } from "node:test";
import { openAttempts } from "../../test/support/attempts.ts";
import { claimOf } from "../../test/support/claims.ts";
import { ManualClock } from "../../test/support/clock.ts";
import { createTargetGuard } from "../app/target-guard.ts";
import type { AttemptEntry } from "../core/attempt.ts";
import { limits } from "../core/limits.ts";
import { attempt } from "./attempt.ts";

/** What the receiver does with a request, by its place on its connection and the connection's place. */
type Act = (socket: Socket, request: number, connection: number) => void;

type World = AsyncDisposable & {
  readonly clock: ManualClock;
  readonly attempt: (deliveryId: number) => Promise<AttemptEntry>;
  /** `<connection>:<webhook-id>` of each request that arrived whole. */
  readonly arrived: readonly string[];
  /** Resolves when so many requests have arrived. */
  readonly arrivals: (count: number) => Promise<void>;
};

const answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

async function world(act: Act): Promise<World> {
  const clock = new ManualClock(Date.now());
  const arrived: string[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const connection = sockets.add(socket).size;
    let text = "";
    let requests = 0;
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      const length = /content-length: (\d+)\r\n(?:[^]*?\r\n)?\r\n/i.exec(text);
      if (length === null || text.length < length.index + length[0].length + Number(length[1])) return;
      arrived.push(`${connection}:${/webhook-id: (\S+)/.exec(text)?.[1]}`);
      text = "";
      requests += 1;
      act(socket, requests, connection);
      for (const { count, resolve } of waiting) if (arrived.length >= count) resolve();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const notifyUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const guard = createTargetGuard({ allowedCidrs: ["127.0.0.0/8"] });
  const attempts = openAttempts({ clock, guard });
  return {
    clock,
    attempt: async (deliveryId) => {
      const { entry } = await attempt(claimOf({ deliveryId, notifyUrl }), attempts.context);
      // The connection is free again when undici has returned from the answer's last callback.
      await setImmediate();
      return entry;
    },
    arrived,
    arrivals: (count) => new Promise((resolve) => waiting.push({ count, resolve })),
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await Promise.all([closed, attempts[Symbol.asyncDispose]()]);
    },
  };
}

const closings: Readonly<Record<string, (socket: Socket) => void>> = {
  "ends it": (socket) => socket.end(),
  "resets it": (socket) => socket.resetAndDestroy(),
};

for (const [closing, close] of Object.entries(closings)) {
  test(`a receiver that ${closing} just when a POST goes out over an idle connection gets it again at once, over a new one`, async () => {
    await using it = await world((socket, request) => void (request === 1 ? socket.write(answer) : close(socket)));
    assert.equal((await it.attempt(1)).outcome, "delivered");
    const second = await it.attempt(2);
    assert.deepEqual([second.outcome, second.httpStatus, second.error], ["delivered", 200, null]);
    assert.deepEqual(it.arrived, ["1:msg_1", "1:msg_2", "2:msg_2"]);
  });

  test(`a receiver that ${closing} on the first POST of a connection gets it no second time`, async () => {
    await using it = await world((socket) => close(socket));
    const entry = await it.attempt(1);
    assert.deepEqual([entry.outcome, entry.error], ["unreachable", "connection closed before an answer"]);
    assert.deepEqual(it.arrived, ["1:msg_1"]);
  });

  test(`a POST is made again once and no more: the receiver ${closing} each time`, async () => {
    await using it = await world((socket, request, connection) => void (request + connection === 2 ? socket.write(answer) : close(socket)));
    await it.attempt(1);
    assert.equal((await it.attempt(2)).outcome, "unreachable");
    assert.deepEqual(it.arrived, ["1:msg_1", "1:msg_2", "2:msg_2"]);
  });

  test(`a POST is not made again when an answer had begun before the receiver ${closing}`, async () => {
    await using it = await world((socket, request) => {
      if (request === 1) socket.write(answer);
      else socket.write("HTTP/1.1 2", () => close(socket));
    });
    await it.attempt(1);
    assert.equal((await it.attempt(2)).outcome, "unreachable");
    assert.deepEqual(it.arrived, ["1:msg_1", "1:msg_2"]);
  });
}

test("silence over a connection that was used before is no reason to send again", async () => {
  await using it = await world((socket, request) => void (request === 1 && socket.write(answer)));
  await it.attempt(1);
  const attempted = it.attempt(2);
  await it.arrivals(2);
  it.clock.advance(limits.attemptTimeoutMs);
  assert.equal((await attempted).error, "no answer in time");
  assert.equal(it.arrived.length, 2);
});

test("the POST that is made again has what is left of the attempt's time", async () => {
  await using it = await world((socket, request, connection) => {
    if (request === 2) socket.end();
    else if (connection === 1) socket.write(answer);
  });
  await it.attempt(1);
  const attempted = it.attempt(2);
  await it.arrivals(3);
  it.clock.advance(limits.attemptTimeoutMs);
  const entry = await attempted;
  assert.deepEqual([entry.error, entry.durationMs], ["no answer in time", limits.attemptTimeoutMs]);
  assert.deepEqual(it.arrived, ["1:msg_1", "1:msg_2", "2:msg_2"]);
});
