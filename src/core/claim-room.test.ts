import assert from "node:assert/strict";
import { test } from "node:test";
import { claimOf } from "../../test/support/claims.ts";
import { RoomLeft, fullOrgs, wholeRoom } from "./claim-room.ts";

test("who is named has the room that is said, everybody else the usual; what is taken is gone for the org and the origin", () => {
  const left = new RoomLeft({
    ...wholeRoom,
    perOrg: 9,
    perOrigin: 5,
    perChannel: 3,
    orgs: [[2, 0]],
    origins: [["http://a", 1]],
    channels: [[7, 1]],
  });
  assert.deepEqual([left.ofOrg(1), left.ofOrg(2), left.ofOrigin("http://a"), left.ofOrigin("http://b")], [9, 0, 1, 5]);
  assert.deepEqual([left.ofChannel(7), left.ofChannel(8)], [1, 3]);
  left.take({ org: 1, origin: "http://b", channelKey: 8, count: 2 });
  left.take({ org: 1, origin: "http://b", channelKey: 9, count: 2 });
  assert.deepEqual([left.ofOrg(1), left.ofOrigin("http://b"), left.ofOrigin("http://a")], [5, 1, 1]);
  assert.deepEqual([left.ofChannel(7), left.ofChannel(8), left.ofChannel(10)], [1, 1, 3]);
});

test("an org is full when it came without room, or its claims took it", () => {
  const room = { ...wholeRoom, perOrg: 2, orgs: [[4, 0] as const] };
  assert.deepEqual(fullOrgs(room, [claimOf({ org: 1 }), claimOf({ org: 2 }), claimOf({ org: 1 })]), [4, 1]);
});
