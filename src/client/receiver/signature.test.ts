import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Webhook } from "standardwebhooks";
import { Signer } from "../../dispatch/signature.ts";
import { type SignatureCheck, verifySignature } from "./signature.ts";

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const otherSecret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const now = Date.UTC(2026, 0, 15, 9, 30, 0);
const body = new TextEncoder().encode('{"ids":["1"],"name":"Zürich 🚀"}');

/** A check of a body that the official library has signed. */
function signedCheck(change: Partial<SignatureCheck> = {}): SignatureCheck {
  const signature = new Webhook(secret).sign("msg_1", new Date(now), Buffer.from(body));
  return { body, headers: { id: "msg_1", timestamp: String(now / 1_000), signature }, secrets: [secret], now, ...change };
}

function withSignature(signature: string | null): SignatureCheck {
  const check = signedCheck();
  return { ...check, headers: { ...check.headers, signature } };
}

describe("verifySignature", () => {
  test("accepts what the official library signs, the prefix of the secret there or not", async () => {
    assert.equal(await verifySignature(signedCheck()), "ok");
    assert.equal(await verifySignature(signedCheck({ secrets: [secret.slice("whsec_".length)] })), "ok");
  });

  test("accepts what the server signs, under the old secret and the new one while they overlap", async () => {
    const headers = new Signer(2).headers({ id: `msg_${7}`, now, body, secret, previousSecret: otherSecret });
    const check = {
      body,
      now,
      headers: { id: headers["webhook-id"], timestamp: headers["webhook-timestamp"], signature: headers["webhook-signature"] },
    };
    assert.equal(await verifySignature({ ...check, secrets: [secret] }), "ok");
    assert.equal(await verifySignature({ ...check, secrets: [otherSecret] }), "ok");
  });

  test("accepts a signature under any of the receiver's secrets", async () => {
    assert.equal(await verifySignature(signedCheck({ secrets: [otherSecret, secret] })), "ok");
    assert.equal(await verifySignature(signedCheck({ secrets: [otherSecret] })), "signature_wrong");
    assert.equal(await verifySignature(signedCheck({ secrets: [] })), "signature_wrong");
  });

  test("finds the right one among signatures of other kinds and broken ones", async () => {
    const right = signedCheck().headers.signature ?? "";
    assert.equal(await verifySignature(withSignature(`v1a,AAAA v1,??? v1, v1,AAAA ${right}`)), "ok");
    assert.equal(await verifySignature(withSignature(right.replace("v1,", "v1a,"))), "signature_wrong");
    assert.equal(await verifySignature(withSignature(right.replace("v1,", ""))), "signature_wrong");
    assert.equal(await verifySignature(withSignature("")), "signature_wrong");
  });

  test("refuses a body, an id or a timestamp that is not the signed one", async () => {
    const check = signedCheck();
    const changed = new Uint8Array(body);
    changed[3] = 0x20;
    assert.equal(await verifySignature({ ...check, body: changed }), "signature_wrong");
    assert.equal(await verifySignature({ ...check, headers: { ...check.headers, id: "msg_2" } }), "signature_wrong");
    assert.equal(await verifySignature({ ...check, headers: { ...check.headers, timestamp: String(now / 1_000 - 1) } }), "signature_wrong");
    assert.equal(await verifySignature({ ...check, headers: { ...check.headers, timestamp: "1e9" } }), "signature_wrong");
  });

  test("bounds the timestamp both ways, at the very second", async () => {
    for (const [skewMs, verdict] of [
      [300_000, "ok"],
      [-300_000, "ok"],
      [301_000, "timestamp_outside"],
      [-301_000, "timestamp_outside"],
    ] as const) {
      assert.equal(await verifySignature(signedCheck({ now: now + skewMs })), verdict, String(skewMs));
    }
    assert.equal(await verifySignature(signedCheck({ now: now + 9_000, toleranceSeconds: 8 })), "timestamp_outside");
  });

  test("says that a signature is missing where one of its headers is", async () => {
    const { headers } = signedCheck();
    for (const name of ["id", "timestamp", "signature"] as const) {
      assert.equal(await verifySignature(signedCheck({ headers: { ...headers, [name]: null } })), "signature_missing", name);
    }
  });

  test("throws for a secret that is none, without telling it", async () => {
    for (const wrong of ["whsec_", "", "whsec_not base64!"]) {
      await assert.rejects(verifySignature(signedCheck({ secrets: [wrong] })), (error) => {
        assert.ok(error instanceof TypeError);
        return wrong === "" || wrong === "whsec_" || !error.message.includes(wrong);
      });
    }
  });
});
