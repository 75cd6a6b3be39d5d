import assert from "node:assert/strict";
import { test } from "node:test";
import { replayOf } from "./replay-order.ts";

const none = { org: "", channel_key: "", channel: "", module: "", record: "", status: "", from: "", until: "" };

test("only what is filtered by is asked for, and the place in the list is not", () => {
  const filters = { ...none, channel_key: "12", status: "dead", cursor: "99" };
  assert.deepEqual(replayOf(filters), { what: "deliveries", channel_key: 12, status: "dead" });
  assert.deepEqual(replayOf(none), { what: "deliveries" });
  assert.deepEqual(replayOf({ ...none, channel_key: "x" }), { what: "deliveries" });
});
