import assert from "node:assert/strict";
import { test } from "node:test";
import type { InboxMessage } from "../../api/server-state.ts";
import { checkLines, isGood, subjectOf } from "./message-checks.ts";

const message: InboxMessage = {
  id: 1,
  received_at: "2026-11-25T18:00:00.000Z",
  method: "POST",
  path: "/inbox/a",
  headers: {},
  body: '{"module":"Deals","operation":"update"}',
  checks: { signature: "ok", token: "absent", id_seen_before: false },
};

test("a message is good when its signature is right, its token is not wrong, and its id is new", () => {
  assert.equal(isGood(message), true);
  assert.equal(isGood({ ...message, checks: { ...message.checks, token: "wrong" } }), false);
  assert.equal(isGood({ ...message, checks: { ...message.checks, signature: "absent" } }), false);
  assert.match(checkLines({ ...message, checks: { ...message.checks, id_seen_before: true } })[2]?.text ?? "", /came before/);
});

test("what is no notification is told by method and path", () => {
  assert.equal(subjectOf(message), "Deals update");
  assert.equal(subjectOf({ ...message, body: "<script>" }), "POST /inbox/a");
  assert.equal(subjectOf({ ...message, body: '{"module":{"x":1}}' }), "POST /inbox/a");
});
