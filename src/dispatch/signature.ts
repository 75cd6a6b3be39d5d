/**
 * The three headers of Standard Webhooks, by which a receiver knows that the body is ours, fresh, and not a second copy:
 * `webhook-id` is the same on every attempt of a delivery, `webhook-signature` is `v1,` and the base64 HMAC-SHA256 of
 * `id.timestamp.body` under the channel's secret.
 */
import { type KeyObject, createHmac, createSecretKey } from "node:crypto";
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

/** Signs with keys that it keeps: making a key of a secret takes seven times as long as signing a body with it. */
export class Signer {
  readonly #keptMax: number;
  readonly #keys = new Map<string, KeyObject>();

  /** `keptMax`: the keys that are kept at once. */
  constructor(keptMax: number) {
    this.#keptMax = keptMax;
  }

  /** The headers that sign `body`. */
  headers({ id, now, body, secret, previousSecret }: Signed): SignatureHeaders {
    const timestamp = String(Math.floor(now / 1_000));
    const prefix = `${id}.${timestamp}.`;
    const signature = this.#sign(secret, prefix, body);
    const signatures = previousSecret === null ? signature : `${signature} ${this.#sign(previousSecret, prefix, body)}`;
    return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures };
  }

  #sign(secret: string, prefix: string, body: Uint8Array): string {
    return `v1,${createHmac("sha256", this.#keyOf(secret)).update(prefix).update(body).digest("base64")}`;
  }

  #keyOf(secret: string): KeyObject {
    const known = this.#keys.get(secret);
    if (known !== undefined) return known;
    assert(secret.startsWith(secretPrefix), "a signing secret starts with whsec_");
    const key = createSecretKey(secret.slice(secretPrefix.length), "base64");
    if (this.#keys.size >= this.#keptMax) this.#keys.clear();
    this.#keys.set(secret, key);
    return key;
  }
}
