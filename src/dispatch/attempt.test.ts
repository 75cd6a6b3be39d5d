import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer as createTcpServer } from "node:net";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { Webhook } from "standardwebhooks";
import { openAttempts } from "../../test/support/attempts.ts";
import { claimOf, claimSecret } from "../../test/support/claims.ts";
import { ManualClock } from "../../test/support/clock.ts";
import { createTargetGuard } from "../app/target-guard.ts";
import type { AttemptEntry, Claim } from "../core/attempt.ts";
import { limits } from "../core/limits.ts";
import type { Attempted } from "./attempt.ts";
import { attempt } from "./attempt.ts";
import type { Lookup } from "./connect.ts";

type Respond = (request: IncomingMessage, response: ServerResponse, body: string) => void;

type Target = AsyncDisposable & {
  readonly url: string;
  readonly port: number;
  readonly requests: () => number;
  /** Resolves when a request arrived whole. */
  readonly asked: Promise<void>;
  /** Resolves when its first connection is gone. */
  readonly hungUp: Promise<void>;
};

async function startTarget(respond: Respond): Promise<Target> {
  let requests = 0;
  const asked = Promise.withResolvers<void>();
  const hungUp = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    requests += 1;
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      respond(request, response, Buffer.concat(chunks).toString("utf8"));
      asked.resolve();
    });
  });
  server.on("connection", (socket) => socket.on("close", () => hungUp.resolve()));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    port,
    requests: () => requests,
    asked: asked.promise,
    hungUp: hungUp.promise,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

type World = AsyncDisposable & {
  readonly clock: ManualClock;
  readonly make: (over: Partial<Claim>) => Promise<Attempted>;
  readonly attempt: (over: Partial<Claim>) => Promise<AttemptEntry>;
};

function world({ allowedCidrs = ["127.0.0.0/8"], lookup }: { allowedCidrs?: readonly string[]; lookup?: Lookup } = {}): World {
  const clock = new ManualClock(Date.now());
  const guard = createTargetGuard({ allowedCidrs });
  const attempts = openAttempts({ clock, guard, lookup });
  return {
    clock,
    make: (over) => attempt(claimOf(over), attempts.context),
    attempt: async (over) => (await attempt(claimOf(over), attempts.context)).entry,
    [Symbol.asyncDispose]: () => attempts[Symbol.asyncDispose](),
  };
}

/** Resolves when undici has handed on the first part of an answer's body. */
function firstBytes(): Promise<void> {
  const name = "undici:request:bodyChunkReceived";
  return new Promise((resolve) => {
    const listener = (): void => {
      unsubscribe(name, listener);
      void setImmediate().then(resolve);
    };
    subscribe(name, listener);
  });
}

async function answered(respond: Respond): Promise<AttemptEntry> {
  await using target = await startTarget(respond);
  await using it = world();
  return await it.attempt({ notifyUrl: target.url });
}

test("the callback is POSTed with its headers, and the reference verifier accepts its signature", async () => {
  const seen: { request?: IncomingMessage; body?: string } = {};
  await using target = await startTarget((request, response, body) => {
    Object.assign(seen, { request, body });
    response.end("ok");
  });
  await using it = world();
  const startedAt = it.clock.now();
  const entry = await it.attempt({ deliveryId: 42, notifyUrl: `${target.url}?authorization=a b&key=ü`, token: "t" });
  const { responseHeaders, ...rest } = entry;
  assert.deepEqual(rest, { startedAt, durationMs: 0, outcome: "delivered", httpStatus: 200, error: null, responseBody: "ok" });
  assert.partialDeepStrictEqual(JSON.parse(responseHeaders ?? ""), { "content-length": "2" });
  assert.equal(seen.request?.method, "POST");
  assert.equal(seen.request?.url, "/hook?authorization=a%20b&key=%C3%BC");
  const headers = seen.request?.headers ?? {};
  assert.equal(headers["content-type"], "application/json;charset=UTF-8");
  assert.equal(headers["user-agent"], "Watchpost/1.2.3");
  assert.equal(headers["webhook-id"], "msg_42");
  assert.equal(headers["host"], `127.0.0.1:${target.port}`);
  assert.equal(headers["content-length"], String(Buffer.byteLength(seen.body ?? "")));
  const verified = new Webhook(claimSecret).verify(seen.body ?? "", headers as Record<string, string>);
  assert.partialDeepStrictEqual(verified, { server_time: startedAt, query_params: { "?authorization": "a b", key: "ü" }, token: "t" });
});

test("the status decides: 2xx is delivered, 408, 425, 429 and 5xx are retryable, the rest is rejected", async () => {
  const outcomes = { 200: "delivered", 204: "delivered", 299: "delivered", 400: "rejected", 404: "rejected", 410: "gone" } as const;
  const retryables = { 408: "retryable", 425: "retryable", 429: "retryable", 500: "retryable", 503: "retryable" } as const;
  for (const [status, outcome] of Object.entries({ ...outcomes, ...retryables })) {
    const entry = await answered((_request, response) => response.writeHead(Number(status)).end());
    assert.deepEqual([entry.httpStatus, entry.outcome, entry.error, entry.responseBody], [Number(status), outcome, null, null]);
  }
});

test("an answer that asks to be left alone is heard when its status is 429 or 503, in seconds or until a date", async () => {
  const headers: Readonly<Record<string, string>> = { status: "", value: "" };
  await using target = await startTarget((_request, response) => {
    response.writeHead(Number(headers["status"]), { "Retry-After": headers["value"] }).end();
  });
  await using it = world();
  it.clock.set(Date.UTC(2026, 1, 3, 10, 0, 0));
  const asked = async (status: number, value: string): Promise<number | null> => {
    Object.assign(headers, { status: String(status), value });
    return (await it.make({ notifyUrl: target.url })).retryAfterMs;
  };
  assert.equal(await asked(503, "120"), 120_000);
  assert.equal(await asked(429, "Tue, 03 Feb 2026 11:00:00 GMT"), 3_600_000);
  assert.equal(await asked(503, "Mon, 02 Feb 2026 11:00:00 GMT"), 0);
  assert.equal(await asked(503, "soon"), null);
  for (const status of [200, 301, 400, 408, 500, 502, 504]) assert.equal(await asked(status, "120"), null, String(status));
});

test("a redirect is not followed and counts as rejected", async () => {
  await using elsewhere = await startTarget((_request, response) => response.end());
  for (const status of [301, 302, 303, 307, 308]) {
    const entry = await answered((_request, response) => response.writeHead(status, { Location: elsewhere.url }).end("moved"));
    assert.deepEqual([entry.httpStatus, entry.outcome, entry.responseBody], [status, "rejected", "moved"]);
  }
  assert.equal(elsewhere.requests(), 0);
});

test("a target that stays silent is unreachable when the time for an attempt is over, and its connection is dropped", async () => {
  await using target = await startTarget(() => undefined);
  await using it = world();
  const attempted = it.attempt({ notifyUrl: target.url });
  await target.asked;
  it.clock.advance(limits.attemptTimeoutMs);
  const entry = await attempted;
  assert.deepEqual([entry.outcome, entry.httpStatus, entry.error], ["unreachable", null, "no answer in time"]);
  assert.equal(entry.durationMs, limits.attemptTimeoutMs);
  await target.hungUp;
});

test("a body that never ends holds no slot beyond the time for an attempt; the status that came counts", async () => {
  await using target = await startTarget((_request, response) => response.writeHead(200).write("drip"));
  await using it = world();
  const dripped = firstBytes();
  const attempted = it.attempt({ notifyUrl: target.url });
  await dripped;
  it.clock.advance(limits.attemptTimeoutMs);
  const entry = await attempted;
  assert.deepEqual([entry.outcome, entry.httpStatus, entry.error, entry.responseBody], ["delivered", 200, null, "drip"]);
  await target.hungUp;
});

test("an attempt whose connection never comes about ends in time and is not sent later", async () => {
  const looked = Promise.withResolvers<() => void>();
  const lookup: Lookup = (_hostname, _options, callback) => looked.resolve(() => callback(null, [{ address: "127.0.0.1", family: 4 }]));
  await using target = await startTarget((_request, response) => response.end());
  await using it = world({ lookup });
  const attempted = it.attempt({ notifyUrl: `http://hook.example:${target.port}/` });
  const answerLookup = await looked.promise;
  it.clock.advance(limits.attemptTimeoutMs);
  assert.equal((await attempted).error, "no answer in time");
  answerLookup();
  await target.hungUp;
  assert.equal(target.requests(), 0);
});

test("of a huge answer only the first bytes are kept, and the connection is dropped at the limit", async () => {
  await using target = await startTarget((_request, response) => {
    response.writeHead(500);
    const chunk = Buffer.alloc(limits.responseBytesReadMax, "x");
    const more = (): void => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on("drain", more);
    more();
  });
  await using it = world();
  const entry = await it.attempt({ notifyUrl: target.url });
  assert.deepEqual([entry.outcome, entry.httpStatus], ["retryable", 500]);
  assert.equal(entry.responseBody, "x".repeat(limits.responseBytesKeptMax));
  await target.hungUp;
});

test("an answer within the limit leaves the connection open for the next", async () => {
  let connections = 0;
  await using target = await startTarget((_request, response) => response.end("y".repeat(limits.responseBytesReadMax - 1_024)));
  await using it = world({
    lookup: (_hostname, _options, callback) => {
      connections += 1;
      callback(null, [{ address: "127.0.0.1", family: 4 }]);
    },
  });
  for (const deliveryId of [1, 2, 3]) {
    await it.attempt({ deliveryId, notifyUrl: `http://hook.example:${target.port}/` });
    // The connection is free again when undici has returned from the answer's last callback.
    await setImmediate();
  }
  assert.equal(target.requests(), 3);
  assert.equal(connections, 1);
});

test("a port that nobody listens on is a refused connection", async () => {
  const target = await startTarget(() => undefined);
  await target[Symbol.asyncDispose]();
  await using it = world();
  const entry = await it.attempt({ notifyUrl: `${target.url}?authorization=secret` });
  assert.deepEqual([entry.outcome, entry.httpStatus, entry.error], ["unreachable", null, "connection refused"]);
});

test("a target that hangs up, speaks no HTTP or sends endless headers is unreachable", async () => {
  const answers: Readonly<Record<string, string>> = {
    "": "connection closed before an answer",
    "SSH-2.0-OpenSSH\r\n": "the answer is not HTTP",
    [`HTTP/1.1 200 OK\r\nX: ${"x".repeat(limits.responseHeaderBytesMax)}\r\n\r\n`]: "the answer's headers are too large",
  };
  for (const [answer, error] of Object.entries(answers)) {
    await using server = createTcpServer((socket) => void socket.on("error", () => undefined).once("data", () => socket.end(answer)));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    await using it = world();
    const entry = await it.attempt({ notifyUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
    assert.deepEqual([entry.outcome, entry.error], ["unreachable", error]);
  }
});

test("a name that stands for a refused address is refused when it is dialled", async () => {
  await using target = await startTarget((_request, response) => response.end());
  await using it = world({
    allowedCidrs: [],
    lookup: (_hostname, _options, callback) => callback(null, [{ address: "127.0.0.1", family: 4 }]),
  });
  const entry = await it.attempt({ notifyUrl: `http://hook.example:${target.port}/?authorization=secret` });
  assert.deepEqual([entry.outcome, entry.httpStatus, entry.error], ["refused_target", null, "the target's address is not allowed"]);
  assert.equal(target.requests(), 0);
});

test("a URL that the guard no longer allows is refused before anything is dialled", async () => {
  await using it = world({ allowedCidrs: [] });
  for (const notifyUrl of ["http://127.0.0.1:1/", "http://localhost:1/", "http://[::1]:1/", "http://user:password@hook.example/"]) {
    assert.equal((await it.attempt({ notifyUrl })).outcome, "refused_target", notifyUrl);
  }
});
