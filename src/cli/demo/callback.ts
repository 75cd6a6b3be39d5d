/** A notification as the receiver got it, and the check of its signature that any receiver can do (Standard Webhooks). */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Child } from "./child.ts";
import { at, expect, textAt } from "./exchange.ts";

export type Callback = {
  /** When it had arrived whole, in ms. */
  readonly arrivedAtMs: number;
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly rawBody: string;
  /** `rawBody`, parsed. */
  readonly body: unknown;
};

/** The next notification at the receiver; fails when none comes within `waitMs`. */
export async function nextCallback(receiver: Child, waitMs: number): Promise<Callback> {
  const line = await receiver.nextLine(waitMs);
  expect(at(line, "kind") === "arrived", "a notification at the receiver");
  const rawBody = textAt(line, "body");
  return {
    arrivedAtMs: Number(at(line, "at_ms")),
    method: textAt(line, "method"),
    url: textAt(line, "url"),
    headers: Object.fromEntries(Object.entries(at(line, "headers") ?? {})),
    rawBody,
    body: JSON.parse(rawBody) as unknown,
  };
}

/** Whether one of the signatures in the headers was made over this body with the channel's secret. */
export function isSigned({ headers, rawBody }: Callback, secret: string): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const signedText = `${textAt(headers, "webhook-id")}.${textAt(headers, "webhook-timestamp")}.${rawBody}`;
  const wanted = createHmac("sha256", key).update(signedText).digest();
  return textAt(headers, "webhook-signature")
    .split(" ")
    .some((signature) => {
      const given = Buffer.from(signature.replace(/^v1,/, ""), "base64");
      return signature.startsWith("v1,") && given.length === wanted.length && timingSafeEqual(given, wanted);
    });
}
