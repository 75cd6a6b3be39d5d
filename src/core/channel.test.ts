import assert from "node:assert/strict";
import { test } from "node:test";
import { isLive } from "./channel.ts";

test("a channel is live until the millisecond before its expiry", () => {
  assert.equal(isLive({ expiresAt: 1_000 }, 999), true);
});

test("a channel is not live at the instant of its expiry or after", () => {
  assert.equal(isLive({ expiresAt: 1_000 }, 1_000), false);
  assert.equal(isLive({ expiresAt: 1_000 }, 1_001), false);
});
