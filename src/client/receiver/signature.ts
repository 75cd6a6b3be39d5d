/**
 * Signatures in the Standard Webhooks form: `webhook-signature` holds, separated by spaces, `v1,` and the base64 HMAC-SHA256 of
 * `id.timestamp.body`. While a secret is being changed there are several of them, under the old secret and the new one.
 *
 * Web Crypto and not `node:crypto`, so that the same code runs in Node, Bun, Deno and Workers; its `verify` compares in constant time.
 */
import { kitLimits } from "../limits.ts";
import { bytesOfBase64 } from "./base64.ts";

const secretPrefix = "whsec_";

export type SignatureHeaders = {
  readonly id: string | null;
  /** Seconds since 1970. */
  readonly timestamp: string | null;
  readonly signature: string | null;
};

export type SignatureCheck = {
  /** The body as it came, byte for byte. */
  readonly body: Uint8Array;
  readonly headers: SignatureHeaders;
  /** Each `whsec_` and the key in base64; a signature under any of them will do. */
  readonly secrets: readonly string[];
  /** In ms. */
  readonly now: number;
  /** How far the timestamp may lie from `now`, before or after. */
  readonly toleranceSeconds?: number;
};

export type SignatureVerdict = "ok" | "signature_missing" | "signature_wrong" | "timestamp_outside";

/** Whether the body was signed under one of the secrets, and lately. Throws a TypeError for a secret that is none. */
export async function verifySignature(check: SignatureCheck): Promise<SignatureVerdict> {
  const { body, headers, secrets, now, toleranceSeconds = kitLimits.toleranceSeconds } = check;
  const { id, timestamp, signature } = headers;
  const keys = secrets.map(signingKey);
  if (id === null || id === "" || timestamp === null || signature === null) return "signature_missing";
  if (!/^\d{1,12}$/.test(timestamp) || id.length > kitLimits.webhookIdCharsMax) return "signature_wrong";
  if (Math.abs(now / 1_000 - Number(timestamp)) > toleranceSeconds) return "timestamp_outside";
  const signed = concatenated(new TextEncoder().encode(`${id}.${timestamp}.`), body);
  const given = signaturesIn(signature);
  for (const key of keys) {
    const macKey = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
    for (const mac of given) {
      if (await crypto.subtle.verify("HMAC", macKey, mac, signed)) return "ok";
    }
  }
  return "signature_wrong";
}

/** The key of a secret. Throws a TypeError, which does not tell the secret, when it has none. */
export function signingKey(secret: string): Uint8Array<ArrayBuffer> {
  const key = bytesOfBase64(secret.startsWith(secretPrefix) ? secret.slice(secretPrefix.length) : secret);
  if (key === null || key.byteLength === 0) throw new TypeError("a signing secret is to be whsec_ and a key in base64");
  return key;
}

function signaturesIn(header: string): readonly Uint8Array<ArrayBuffer>[] {
  return header
    .split(" ")
    .slice(0, kitLimits.signaturesMax)
    .filter((entry) => entry.startsWith("v1,"))
    .map((entry) => bytesOfBase64(entry.slice(3)))
    .filter((mac) => mac !== null);
}

function concatenated(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(first.byteLength + second.byteLength);
  whole.set(first);
  whole.set(second, first.byteLength);
  return whole;
}
