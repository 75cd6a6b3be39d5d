/** The signature of a notification, checked as its receiver should: by the Standard Webhooks scheme, in constant time. */
import { createHmac, timingSafeEqual } from "node:crypto";

export type SignatureVerdict = "ok" | "wrong" | "absent";

export type Signed = {
  readonly id: string | null;
  readonly timestamp: string | null;
  /** `v1,…`, several of them split at blanks while a secret is being rotated. */
  readonly signatures: string | null;
  readonly body: Uint8Array;
};

/**
 * How old the timestamp is, is left out: the clock of `dev` may be ahead of ours. `secret` is `whsec_` and the key in base64.
 */
export function checkSignature({ id, timestamp, signatures, body }: Signed, secret: string): SignatureVerdict {
  if (id === null || timestamp === null || signatures === null) return "absent";
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const expected = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest();
  const isGood = signatures.split(" ").some((signature) => {
    const [scheme, mac = ""] = signature.split(",");
    const given = Buffer.from(mac, "base64");
    return scheme === "v1" && given.length === expected.length && timingSafeEqual(given, expected);
  });
  return isGood ? "ok" : "wrong";
}
