import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../test/support/clock.ts";
import { VirtualClock } from "../config/virtual-clock.ts";
import { limits } from "../core/limits.ts";
import type { Quiet } from "../core/clock.ts";
import { serverUnderTest, startMs } from "./server-under-test.ts";
import type { UnderTest } from "./server-under-test.ts";

const nowText = "2026-01-01T00:00:00.000Z";

async function setUp() {
  const base = new ManualClock(startMs);
  const clock = new VirtualClock({ base, offsetMs: 0, keepOffset: () => Promise.resolve() });
  return { base, clock, server: await serverUnderTest({}, { clock, virtualClock: clock }) };
}

function post(server: UnderTest, body: string | null, token = "admin"): Promise<Response> {
  return fetch(`${server.baseUrl}/api/v1/clock`, { method: "POST", headers: { authorization: `Bearer ${token}` }, body });
}

async function show(server: UnderTest): Promise<unknown> {
  const answer = await fetch(`${server.baseUrl}/api/v1/clock`, { headers: { authorization: "Bearer admin" } });
  assert.equal(answer.status, 200);
  return answer.json();
}

test("the clock is shown with its offset and the instants for which something waits", async () => {
  const { clock, server } = await setUp();
  await using _ = server;
  for (const ms of [5_000, 60_000]) void clock.sleepUntil(startMs + ms, new AbortController().signal);
  const nextDue = ["2026-01-01T00:00:05.000Z", "2026-01-01T00:01:00.000Z"];
  assert.deepEqual(await show(server), { now: nowText, offset_ms: 0, is_virtual: true, next_due: nextDue });
});

for (const [body, now] of [
  ['{"advance":"7d"}', "2026-01-08T00:00:00.000Z"],
  ['{"advance":"PT1H30M"}', "2026-01-01T01:30:00.000Z"],
  ['{"advance":"0s"}', nowText],
  ['{"now":"2026-12-01T00:00:00Z"}', "2026-12-01T00:00:00.000Z"],
  ['{"now":"2026-12-01T05:30:00+05:30"}', "2026-12-01T00:00:00.000Z"],
  [`{"now":${startMs + 1}}`, "2026-01-01T00:00:00.001Z"],
] as const) {
  test(`${body} moves it to ${now}, and the answer says so`, async () => {
    const { server } = await setUp();
    await using _ = server;
    const answer = await post(server, body);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("date"), new Date(now).toUTCString());
    const shown = { now, offset_ms: Date.parse(now) - startMs, is_virtual: true, next_due: [] };
    assert.deepEqual(await answer.json(), shown);
    assert.deepEqual(await show(server), shown);
  });
}

for (const [body, status, code] of [
  [null, 400, "invalid_body"],
  ["{", 400, "invalid_body"],
  ["[]", 400, "invalid_body"],
  ["{}", 400, "invalid_body"],
  ['{"now":"2026-12-01T00:00:00Z","advance":"7d"}', 400, "invalid_body"],
  ['{"go":"7d"}', 400, "invalid_body"],
  [`{"advance":"7d"${" ".repeat(limits.clockBodyBytesMax)}}`, 400, "invalid_body"],
  ['{"advance":7}', 400, "invalid_parameter"],
  ['{"advance":"7"}', 400, "invalid_parameter"],
  ['{"advance":"-7d"}', 400, "invalid_parameter"],
  ['{"now":"tomorrow"}', 400, "invalid_parameter"],
  ['{"now":"2026-12-01T00:00:00"}', 400, "invalid_parameter"],
  ['{"now":null}', 400, "invalid_parameter"],
  ['{"now":"2025-12-31T23:59:59Z"}', 409, "clock_backwards"],
  ['{"advance":"3651d"}', 400, "clock_too_far"],
  ['{"now":"9999-12-01T00:00:00Z"}', 400, "clock_too_far"],
] as const) {
  test(`${(body ?? "no body").slice(0, 50)} is refused as ${code}, and the clock stands`, async () => {
    const { server } = await setUp();
    await using _ = server;
    const answer = await post(server, body);
    const { error } = (await answer.json()) as { error: { code: string } };
    assert.deepEqual([answer.status, error.code], [status, code]);
    assert.deepEqual(await show(server), { now: nowText, offset_ms: 0, is_virtual: true, next_due: [] });
  });
}

test("a move that finds no rest is answered with where the clock stands", async () => {
  const { clock, server } = await setUp();
  await using _ = server;
  const busy: Quiet = { isIdle: false, idle: () => new Promise(() => undefined) };
  clock.waitFor(busy);
  clock.stop();
  const answer = await post(server, '{"advance":"7d"}');
  assert.equal(answer.status, 503);
  assert.match(await answer.text(), /"clock_unsettled","message":"The clock stands at 2026-01-01T00:00:00\.000Z, short of/);
});

test("without the admin token nobody sees or moves it", async () => {
  const { clock, server } = await setUp();
  await using _ = server;
  assert.equal((await post(server, '{"advance":"7d"}', "good")).status, 401);
  assert.equal(clock.now(), startMs);
});

test("a server that keeps real time says so", async () => {
  await using server = await serverUnderTest();
  for (const answer of [
    await post(server, '{"advance":"7d"}'),
    await fetch(`${server.baseUrl}/api/v1/clock`, { headers: { authorization: "Bearer admin" } }),
  ]) {
    assert.equal(answer.status, 403);
    assert.match(await answer.text(), /^{"error":{"code":"clock_not_virtual"/);
  }
});
