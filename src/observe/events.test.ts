import assert from "node:assert/strict";
import { test } from "node:test";
import { createEvents, describe } from "./events.ts";
import type { Logger } from "./log.ts";

type Line = { readonly level: string; readonly fields: Readonly<Record<string, unknown>> };

function recording(): { readonly lines: readonly Line[]; readonly logger: Logger } {
  const lines: Line[] = [];
  const at = (level: string) => (fields: Readonly<Record<string, unknown>>) => void lines.push({ level, fields });
  return { lines, logger: { error: at("error"), warn: at("warn"), info: at("info"), debug: at("debug") } };
}

const attempted = {
  org: 1,
  deliveryId: 7,
  channelKey: 3,
  channelId: "1000000068002",
  module: "Deals",
  operation: "update",
  attempt: 1,
  outcome: "delivered",
  httpStatus: 200,
  durationMs: 3,
  error: null,
};

test("an attempt is one wide line: info when it delivered, warn when it did not", () => {
  const { lines, logger } = recording();
  createEvents(logger).deliveryAttempted(attempted);
  createEvents(logger).deliveryAttempted({ ...attempted, outcome: "unreachable", httpStatus: null, error: "connection refused" });
  assert.deepEqual(lines[0], { level: "info", fields: { event: "delivery.attempted", ...attempted } });
  assert.equal(lines[1]?.level, "warn");
});

test("a fault is logged as an error with the messages of its causes", () => {
  const { lines, logger } = recording();
  const error = new Error("cannot claim", { cause: new Error("disk full") });
  createEvents(logger).dispatchFaulted({ stage: "claim", error });
  assert.equal(lines[0]?.level, "error");
  assert.deepEqual(lines[0]?.fields["err"], { message: "cannot claim", stack: error.stack ?? null, causes: ["disk full"] });
});

test("of an error only message, stack and causes are logged, and of anything else only its type", () => {
  const withRequest = Object.assign(new Error("refused"), { request: { authorization: "hush" } });
  assert.ok(!JSON.stringify(describe(withRequest)).includes("hush"));
  assert.deepEqual(describe("hush"), { message: "thrown: string", stack: null, causes: [] });
});

test("causes that go round in a circle end", () => {
  const error = new Error("round");
  error.cause = error;
  assert.equal(describe(error).causes.length, 5);
});

test("a channel that will expire is info, one that has expired or was disabled is a warning", () => {
  const { lines, logger } = recording();
  const channel = { org: 1, channelKey: 3, channelId: "77", expiresAt: "2026-01-01T00:00:00.000Z" };
  const events = createEvents(logger);
  events.channelLifecycle({ ...channel, kind: "channel.expiring", before: "1h", cause: null });
  events.channelLifecycle({ ...channel, kind: "channel.disabled", before: null, cause: "gone" });
  assert.deepEqual(
    lines.map(({ level, fields }) => [level, fields["event"], fields["kind"], fields["before"], fields["cause"]]),
    [
      ["info", "channel.lifecycle", "channel.expiring", "1h", null],
      ["warn", "channel.lifecycle", "channel.disabled", null, "gone"],
    ],
  );
});
