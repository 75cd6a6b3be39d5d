import assert from "node:assert/strict";
import { test } from "node:test";
import type { Delivery } from "../../api/deliveries.ts";
import { recordOf } from "./delivery-record.ts";

const delivery: Delivery = {
  id: 1,
  webhook_id: "msg_1",
  org: "1",
  channel_id: "1",
  channel_key: 1,
  module: "Deals",
  operation: "update",
  record_ids: ["1"],
  status: "delivered",
  attempts_made: 1,
  committed_at: "2026-11-25T18:00:00.000Z",
  due_at: null,
  settled_at: "2026-11-25T18:00:00.020Z",
  replay_of: null,
  replayed_as: null,
  is_test: false,
};

test("what is not settled does not count, and a delivery that needed a second try counts as failed first", () => {
  const record = recordOf([
    { ...delivery, status: "pending", settled_at: null },
    { ...delivery, attempts_made: 3, settled_at: "2026-11-25T18:00:05.000Z" },
    { ...delivery, status: "dead", attempts_made: 10 },
    delivery,
    delivery,
  ]);
  assert.deepEqual(record, { settled: 4, delivered: 3, dead: 1, failureShare: 0.5, waitsMs: [20, 20, 5_000] });
});

test("no deliveries are no failures", () => {
  assert.deepEqual(recordOf([]), { settled: 0, delivered: 0, dead: 0, failureShare: 0, waitsMs: [] });
});
