import assert from "node:assert/strict";
import { test } from "node:test";
import { Webhook } from "standardwebhooks";
import { Signer, type Signed } from "./signature.ts";

const signer = new Signer(2);
const signatureHeaders = (signed: Signed) => signer.headers(signed);
const secret = `whsec_${Buffer.from("a key of thirty-two bytes, as is").toString("base64")}`;
const body = Buffer.from('{"module":"Deals","token":"grün ✓"}');

test("the reference verifier accepts the headers over the body's bytes", () => {
  const headers = signatureHeaders({ id: "msg_42", now: Date.now(), body, secret, previousSecret: null });
  assert.deepEqual(new Webhook(secret).verify(body.toString("utf8"), { ...headers }), { module: "Deals", token: "grün ✓" });
});

test("the reference verifier refuses another body, another secret and another id", () => {
  const headers = signatureHeaders({ id: "msg_42", now: Date.now(), body, secret, previousSecret: null });
  const other = `whsec_${Buffer.from("another key").toString("base64")}`;
  assert.throws(() => new Webhook(secret).verify('{"module":"Leads"}', { ...headers }));
  assert.throws(() => new Webhook(other).verify(body.toString("utf8"), { ...headers }));
  assert.throws(() => new Webhook(secret).verify(body.toString("utf8"), { ...headers, "webhook-id": "msg_43" }));
});

test("the id names the delivery and the timestamp is in whole seconds", () => {
  const headers = signatureHeaders({ id: "msg_7", now: 1_719_309_544_639, body, secret, previousSecret: null });
  assert.equal(headers["webhook-id"], "msg_7");
  assert.equal(headers["webhook-timestamp"], "1719309544");
  assert.match(headers["webhook-signature"], /^v1,[A-Za-z0-9+/]{43}=$/);
});

test("a secret in another form is a bug", () => {
  assert.throws(() => signatureHeaders({ id: "msg_7", now: 0, body, secret: "plain", previousSecret: null }), /whsec_/);
});

test("while a secret is being replaced, the reference verifier accepts both", () => {
  const older = `whsec_${Buffer.from("another key of thirty-two bytes.").toString("base64")}`;
  const headers = signatureHeaders({ id: "msg_42", now: Date.now(), body, secret, previousSecret: older });
  for (const each of [secret, older]) assert.doesNotThrow(() => new Webhook(each).verify(body.toString("utf8"), { ...headers }));
});

test("a key that is kept signs as one that is made anew, however many there were between", () => {
  const signed = { id: "msg_42", now: 0, body, secret, previousSecret: null };
  const first = signatureHeaders(signed);
  for (const text of ["one", "two", "three"]) signatureHeaders({ ...signed, secret: `whsec_${Buffer.from(text).toString("base64")}` });
  assert.deepEqual(signatureHeaders(signed), first);
  assert.deepEqual(new Signer(1).headers(signed), first);
});
