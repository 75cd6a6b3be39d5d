import assert from "node:assert/strict";
import { test } from "node:test";
import type { ChannelAct, Input } from "../app/commands.ts";
import { limits } from "../core/limits.ts";
import { channelView, serverUnderTest, startMs } from "./server-under-test.ts";

const missed = { from: startMs - 60_000, until: startMs };

/** A server with channel 3 alone; `acts` is what its engine was told to do. */
async function withChannel() {
  const acts: ChannelAct[] = [];
  const server = await serverUnderTest({
    "operate.channel": ({ channelKey }) => (channelKey === 3 ? channelView : null),
    "operate.steerChannel": ({ channelKey, act }: Input<"operate.steerChannel">) => {
      if (channelKey !== 3) return { ok: false, error: "unknown" };
      if (act.kind === "pause") return { ok: false, error: "disabled" };
      if (act.kind === "renew" && act.until < startMs) return { ok: false, error: "until_out_of_range" };
      acts.push(act);
      return {
        ok: true,
        value: { channel: channelView, secret: act.kind === "rotate" ? "whsec_NEW" : null, missed: act.kind === "resume" ? missed : null },
      };
    },
  });
  const ask = (path: string, method: string, body?: string) =>
    fetch(`${server.baseUrl}/api/v1/channels/${path}`, {
      method,
      headers: { Authorization: "Bearer admin" },
      ...(body === undefined ? {} : { body }),
    });
  return { acts, ask, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

async function codeOf(response: Response): Promise<string> {
  const { error } = (await response.json()) as { error: { code: string } };
  return `${response.status} ${error.code}`;
}

test("a channel is shown with its state; one that is not there is a 404", async () => {
  await using it = await withChannel();
  const shown = (await (await it.ask("3", "GET")).json()) as { channel: Record<string, unknown> };
  assert.deepEqual([shown.channel["key"], shown.channel["state"], shown.channel["failing_since"]], [3, "active", null]);
  for (const [path, method] of [
    ["4", "GET"],
    ["x", "GET"],
    ["4/resume", "POST"],
  ] as const) {
    assert.equal(await codeOf(await it.ask(path, method)), "404 not_found", path);
  }
});

test("each act reaches the engine with what its body says, or its default", async () => {
  await using it = await withChannel();
  const resumed = await it.ask("3/resume", "POST");
  await it.ask("3/order", "POST", '{"order":"none"}');
  await it.ask("3/renew", "POST", '{"until":"2026-12-01T00:00:00+05:30"}');
  await it.ask("3/rotate", "POST");
  const rotated = await it.ask("3/rotate", "POST", '{"overlap":"1h"}');
  assert.deepEqual(it.acts, [
    { kind: "resume" },
    { kind: "order", order: "none" },
    { kind: "renew", until: Date.parse("2026-12-01T00:00:00+05:30") },
    { kind: "rotate", overlapMs: limits.secretOverlapMs },
    { kind: "rotate", overlapMs: 3_600_000 },
  ]);
  assert.equal(((await rotated.json()) as { secret: string }).secret, "whsec_NEW");
  const range = { from: "2025-12-31T23:59:00.000Z", until: "2026-01-01T00:00:00.000Z" };
  const offered = { ...range, replay: { what: "missed", channel_key: 3, ...range } };
  assert.deepEqual(((await resumed.json()) as { missed: unknown }).missed, offered);
});

test("what cannot be is refused by name, and does not reach the engine", async () => {
  await using it = await withChannel();
  assert.equal(await codeOf(await it.ask("3/pause", "POST")), "409 channel_disabled");
  assert.equal(await codeOf(await it.ask("3/renew", "POST", '{"until":"1999-01-01"}')), "400 invalid_parameter");
  for (const body of ["{}", '{"until":"soon"}', '{"until":null}']) {
    assert.equal(await codeOf(await it.ask("3/renew", "POST", body)), "400 invalid_parameter", body);
  }
  for (const body of ['{"overlap":"8d"}', '{"overlap":5}', '{"overlap":"-1h"}']) {
    assert.equal(await codeOf(await it.ask("3/rotate", "POST", body)), "400 invalid_parameter", body);
  }
  assert.equal(await codeOf(await it.ask("3/order", "POST", '{"order":"backwards"}')), "400 invalid_parameter");
  for (const body of ["[]", "nonsense"]) assert.equal(await codeOf(await it.ask("3/rotate", "POST", body)), "400 invalid_body", body);
  assert.deepEqual(it.acts, []);
});
