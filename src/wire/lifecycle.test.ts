import assert from "node:assert/strict";
import { test } from "node:test";
import type { LifecycleEvent } from "../core/lifecycle.ts";
import { writeLifecycleBody } from "./lifecycle.ts";

const expiring: LifecycleEvent = {
  org: 1,
  channelKey: 12,
  channelId: "1000000068001",
  event: "channel.expiring",
  before: "24h",
  cause: null,
  expiresAt: Date.UTC(2026, 0, 16, 9, 30),
  at: Date.UTC(2026, 0, 15, 9, 30),
  deliveryId: null,
};
const subject = { zgid: "554023000", userId: "554023000050000001", modules: ["Leads", "Deals"] };

test("a body names its type, its instant, the channel and what helps", () => {
  assert.deepEqual(JSON.parse(writeLifecycleBody(expiring, subject)), {
    type: "channel.expiring",
    timestamp: "2026-01-15T09:30:00.000Z",
    data: {
      org: "554023000",
      channel_id: "1000000068001",
      channel_key: 12,
      user_id: "554023000050000001",
      modules: ["Leads", "Deals"],
      expires_at: "2026-01-16T09:30:00.000Z",
      before: "24h",
      cause: null,
      remedies: ["PATCH /crm/{version}/actions/watch with a later channel_expiry", "POST /api/v1/channels/12/renew"],
    },
  });
});

for (const [over, remedies] of [
  [{ event: "channel.expired", before: null }, ["POST /crm/{version}/actions/watch", "POST /api/v1/channels/12/renew"]],
  [{ event: "channel.disabled", before: null, cause: "gone" }, ["POST /crm/{version}/actions/watch", "POST /api/v1/channels/12/resume"]],
] as const) {
  test(`${over.event} says its cause and its own remedies`, () => {
    const { type, data } = JSON.parse(writeLifecycleBody({ ...expiring, ...over }, subject)) as {
      type: string;
      data: Record<string, unknown>;
    };
    assert.deepEqual([type, data["before"], data["cause"]], [over.event, null, "cause" in over ? over.cause : null]);
    assert.deepEqual(data["remedies"], remedies);
  });
}
