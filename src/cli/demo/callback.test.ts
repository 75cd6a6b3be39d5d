import assert from "node:assert/strict";
import { test } from "node:test";
import { Webhook } from "standardwebhooks";
import type { Callback } from "./callback.ts";
import { isSigned } from "./callback.ts";

const secret = `whsec_${Buffer.from("a secret of twenty-four.").toString("base64")}`;
const rawBody = '{"ids":["1"]}';
const at = new Date(1_700_000_000_000);

function callback(signature: string): Callback {
  const headers = { "webhook-id": "msg_1", "webhook-timestamp": "1700000000", "webhook-signature": signature };
  return { arrivedAtMs: at.getTime(), method: "POST", url: "/", headers, rawBody, body: {} };
}

test("a signature made by the reference library is right, alone or among others", () => {
  const signature = new Webhook(secret).sign("msg_1", at, rawBody);
  assert.ok(isSigned(callback(signature), secret));
  assert.ok(isSigned(callback(`v1,AAAA ${signature}`), secret));
});

test("a signature over another body, by another secret or of another version is wrong", () => {
  const signature = new Webhook(secret).sign("msg_1", at, rawBody);
  assert.ok(!isSigned({ ...callback(signature), rawBody: "{}" }, secret));
  assert.ok(!isSigned(callback(signature), `whsec_${Buffer.from("another").toString("base64")}`));
  assert.ok(!isSigned(callback(signature.replace("v1,", "v2,")), secret));
});
