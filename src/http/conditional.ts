/**
 * Conditional requests: `If-Modified-Since` and `If-Unmodified-Since`. Clients write them as ISO times (CLIENTS 4) as well as HTTP dates.
 * Instants are compared in whole seconds, for that is what the wire shows of them.
 */
import type { Result } from "../core/result.ts";
import { ok } from "../core/result.ts";
import { readRecordDateTime } from "../wire/datetime.ts";
import type { CrmReply } from "./crm-endpoint.ts";

/** The answer to a caller who has what there is: 304 without a body. */
export const notModified: Result<CrmReply> = ok({ status: 304, body: null });

const httpDateForm = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * The instant of an `If-Modified-Since` or `If-Unmodified-Since` header, in ms; null when it is absent or no time, for a header that
 * makes no sense is passed over (RFC 9110, 13.1.3).
 */
export function readModifiedSince(header: string | readonly string[] | undefined): number | null {
  if (typeof header !== "string") return null;
  const text = header.trim();
  const iso = readRecordDateTime(text);
  if (iso !== null) return iso;
  const ms = httpDateForm.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}

/** Whether what was modified at `modifiedAt` is newer than `since`; always when nothing was said. */
export function isModifiedSince(modifiedAt: number, since: number | null): boolean {
  return since === null || Math.floor(modifiedAt / 1_000) > Math.floor(since / 1_000);
}

/** Whether an `If-None-Match` names the tag: the caller has what there is. */
export function isTagKnown(ifNoneMatch: string | undefined, tag: string): boolean {
  const weak = (text: string): string => text.trim().replace(/^W\//, "");
  return ifNoneMatch?.split(",").some((known) => known.trim() === "*" || weak(known) === weak(tag)) ?? false;
}
