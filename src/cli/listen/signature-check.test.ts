import assert from "node:assert/strict";
import { test } from "node:test";
import { Webhook } from "standardwebhooks";
import { checkSignature } from "./signature-check.ts";

const secret = `whsec_${Buffer.from("a key of twenty-four byt").toString("base64")}`;
const other = `whsec_${Buffer.from("another key of 24 bytes!").toString("base64")}`;
const body = Buffer.from('{"ids":["1"],"token":"ü"}');
const signed = { id: "msg_1", timestamp: "1795410562", signatures: sign(secret), body };

function sign(by: string): string {
  return new Webhook(by).sign("msg_1", new Date(1_795_410_562_000), body.toString("utf8"));
}

test("a signature of the reference implementation is right, alone and beside that of an older secret", () => {
  assert.equal(checkSignature(signed, secret), "ok");
  assert.equal(checkSignature({ ...signed, signatures: `${sign(other)} ${sign(secret)}` }, secret), "ok");
});

test("another secret, another body, another id and another form are wrong", () => {
  assert.equal(checkSignature(signed, other), "wrong");
  assert.equal(checkSignature({ ...signed, body: Buffer.from("{}") }, secret), "wrong");
  assert.equal(checkSignature({ ...signed, id: "msg_2" }, secret), "wrong");
  assert.equal(checkSignature({ ...signed, signatures: sign(secret).replace("v1,", "v2,") }, secret), "wrong");
  assert.equal(checkSignature({ ...signed, signatures: "v1,short" }, secret), "wrong");
});

test("a header that is missing is told from one that is wrong", () => {
  assert.equal(checkSignature({ ...signed, signatures: null }, secret), "absent");
  assert.equal(checkSignature({ ...signed, id: null }, secret), "absent");
});
