import assert from "node:assert/strict";
import { test } from "node:test";
import { ChannelOrigins } from "./channel-origins.ts";

test("a channel is found under its origin, and under another when it has moved", () => {
  const origins = new ChannelOrigins(10);
  origins.learn({ org: 1, channelKey: 7, origin: "a" });
  origins.learn({ org: 1, channelKey: 7, origin: "a" });
  assert.deepEqual([...origins.of("a")], [[7, 1]]);
  origins.learn({ org: 1, channelKey: 7, origin: "b" });
  assert.deepEqual([[...origins.of("a")], [...origins.of("b")]], [[], [[7, 1]]]);
});

test("it forgets the one that it has known for longest", () => {
  const origins = new ChannelOrigins(2);
  for (const channelKey of [1, 2, 3]) origins.learn({ org: 1, channelKey, origin: "a" });
  assert.deepEqual(
    [...origins.of("a")].map(([channelKey]) => channelKey),
    [2, 3],
  );
});
