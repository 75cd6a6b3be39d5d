/**
 * The three headers of Standard Webhooks, by which a receiver knows that the body is ours, fresh, and not a second copy:
 * `webhook-id` is the same on every attempt of a delivery, `webhook-signature` is `v1,` and the base64 HMAC-SHA256 of
 * `id.timestamp.body` under the channel's secret.
 */
import { createHmac } from "node:crypto";
import { assert } from "../core/assert.ts";

const secretPrefix = "whsec_";

export type Signed = {
  /** The same for every attempt of a notification. */
  readonly id: string;
  /** When the attempt is made, in ms; the header says seconds. */
  readonly now: number;
  readonly body: Uint8Array;
  /** `whsec_` and the key in base64. */
  readonly secret: string;
  /** A second secret that signs along while its successor is being brought to receivers; null: none. */
  readonly previousSecret: string | null;
};

export type SignatureHeaders = {
  readonly "webhook-id": string;
  readonly "webhook-timestamp": string;
  readonly "webhook-signature": string;
};

/** The headers that sign `body`. */
export function signatureHeaders({ id, now, body, secret, previousSecret }: Signed): SignatureHeaders {
  const timestamp = String(Math.floor(now / 1_000));
  const secrets = previousSecret === null ? [secret] : [secret, previousSecret];
  const signatures = secrets.map((each) => `v1,${macOf(each, `${id}.${timestamp}.`, body)}`);
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures.join(" ") };
}

function macOf(secret: string, prefix: string, body: Uint8Array): string {
  assert(secret.startsWith(secretPrefix), "a signing secret starts with whsec_");
  const key = Buffer.from(secret.slice(secretPrefix.length), "base64");
  return createHmac("sha256", key).update(prefix).update(body).digest("base64");
}
