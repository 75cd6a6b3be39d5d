/** Secrets: made at random, kept as digests, compared in constant time. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { holderPrefix } from "../core/node.ts";

/** The form in which a token or client secret is stored. A digest is enough: these are long random texts, not passwords. */
export function digestOf(secret: string): string {
  return createHash("sha256").update(secret, "utf8").digest("hex");
}

export function isDigestOf(secret: string, digest: string): boolean {
  return timingSafeEqual(Buffer.from(digestOf(secret)), Buffer.from(digest));
}

/** A new access or refresh token, in the form the wire's tokens have (PROTOCOL E.3). */
export function newToken(): string {
  return `1000.${randomBytes(16).toString("hex")}.${randomBytes(16).toString("hex")}`;
}

/** The id and the secret of a new client, in the forms that the wire's have. */
export function newClientId(): string {
  return `1000.${randomBytes(15).toString("hex").toUpperCase()}`;
}

export function newClientSecret(): string {
  return randomBytes(21).toString("hex");
}

/** The id of a session of the console, known to its browser alone. */
export function newSessionId(): string {
  return randomBytes(32).toString("base64url");
}

/** A new signing secret of a channel, in the Standard Webhooks form: `whsec_` and 32 random bytes in base64. */
export function newSigningSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}

/** What only the claim that holds a delivery knows; where several processes share the store it begins with whoever holds it. */
export function newClaimToken(holder: string | null, mark: string = randomBytes(12).toString("base64url")): string {
  return `${holder === null ? "" : holderPrefix(holder)}${mark}`;
}

/** The id of a process among those that share the store. */
export function newNodeId(): string {
  return randomBytes(6).toString("base64url");
}
