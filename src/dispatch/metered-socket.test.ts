import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo, Server, Socket } from "node:net";
import { createServer } from "node:net";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { createServer as createTlsServer, getCACertificates, setDefaultCACertificates } from "node:tls";
import { makeCertificates, skipWithoutOpenssl } from "../../test/support/certificates.ts";
import { openAttempts } from "../../test/support/attempts.ts";
import { claimOf } from "../../test/support/claims.ts";
import { ManualClock } from "../../test/support/clock.ts";
import { createTargetGuard } from "../app/target-guard.ts";
import type { AttemptEntry } from "../core/attempt.ts";
import { limits } from "../core/limits.ts";
import { attempt } from "./attempt.ts";

type World = AsyncDisposable & { readonly attempt: () => Promise<AttemptEntry>; readonly connections: () => number };

/** A dispatcher's connections to the receiver that `server` is. */
async function world(server: Server, scheme: string): Promise<World> {
  let connections = 0;
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const notifyUrl = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const guard = createTargetGuard({ allowedCidrs: ["127.0.0.0/8"] });
  const clock = new ManualClock(Date.now());
  const attempts = openAttempts({ clock, guard });
  return {
    attempt: async () => {
      const { entry } = await attempt(claimOf({ notifyUrl }), attempts.context);
      await setImmediate();
      return entry;
    },
    connections: () => connections,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await Promise.all([closed, attempts[Symbol.asyncDispose]()]);
    },
  };
}

function answering(text: string): (socket: Socket) => void {
  return (socket) => void socket.on("error", () => undefined).on("data", () => socket.write(text));
}

const page = "x".repeat(40_000);
const good = `HTTP/1.1 200 OK\r\nContent-Length: ${page.length}\r\n\r\n${page}`;
const flood = `HTTP/1.1 200 OK\r\n${"a: b\r\n".repeat(limits.responseHeaderLinesMax)}\r\n`;
const long = `HTTP/1.1 500 No\r\nContent-Length: 100000\r\n\r\n${"y".repeat(100_000)}`;

async function holdsItsBounds(start: (text: string) => Promise<World>): Promise<void> {
  {
    await using it = await start(good);
    for (let turn = 0; turn < 3; turn += 1) {
      const { outcome, responseBody } = await it.attempt();
      assert.deepEqual([outcome, responseBody], ["delivered", page.slice(0, limits.responseBytesKeptMax)]);
    }
    assert.equal(it.connections(), 1, "an answer has bounds of its own, whatever came before it over the connection");
  }
  {
    await using it = await start(flood);
    assert.equal((await it.attempt()).error, "the answer's headers are too large");
  }
  {
    await using it = await start(long);
    const { httpStatus, responseBody } = await it.attempt();
    assert.deepEqual([httpStatus, responseBody], [500, "y".repeat(limits.responseBytesKeptMax)]);
    await it.attempt();
    assert.equal(it.connections(), 2, "a connection is not used again when something was left unread on it");
  }
}

test("an answer over TCP is read within the bounds", async () => {
  await holdsItsBounds((text) => world(createServer(answering(text)), "http"));
});

test("an answer over TLS is read within the same bounds", { skip: skipWithoutOpenssl }, async () => {
  using certificates = makeCertificates();
  const { ca, cert, key } = certificates;
  const trusted = getCACertificates("default");
  setDefaultCACertificates([...trusted, ca]);
  try {
    await holdsItsBounds((text) => world(createTlsServer({ cert, key }, answering(text)), "https"));
  } finally {
    setDefaultCACertificates(trusted);
  }
});
