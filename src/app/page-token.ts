/**
 * Page tokens (PROTOCOL F.1): the place where a page of a list ends, signed. A token names a record and not an offset, so that what is
 * written between two pages moves no row from one to the other; it says nothing of the request that it was given for, but is
 * signed together with it, so that it is worth nothing for any other.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { limits } from "../core/limits.ts";
import { type Result, ok, refuse } from "../core/result.ts";
import type { RecordPlace } from "../store/ports/records.ts";
import type { Tx } from "../store/store.ts";
import { signingKey } from "./signing-key.ts";

/** Where a page lies. */
export type PageEdge = {
  /** The page has the rows behind the place, or those before it. */
  readonly side: "behind" | "before";
  readonly place: RecordPlace;
  readonly page: number;
  /** How many rows the pages before it had. */
  readonly rowsBefore: number;
};

export type TokenSigning = {
  readonly key: string;
  /** The request that the token is for, whatever of it may not change from page to page. */
  readonly binding: string;
};

const param = "page_token";

/** The store's signing key, made when it is first asked for, so that tokens outlive a restart. */
export function pageTokenKey(tx: Tx): Promise<string> {
  return signingKey(tx, "page_token_key");
}

/** The token for the page at `edge`, good until `expiresAt` in ms. */
export function writePageToken(edge: PageEdge, expiresAt: number, signing: TokenSigning): string {
  const { side, place, page, rowsBefore } = edge;
  const text = JSON.stringify([side === "behind" ? 1 : 0, place.value, place.id, page, rowsBefore, expiresAt]);
  const payload = Buffer.from(text).toString("base64url");
  return `${payload}.${sign(payload, signing)}`;
}

/** Refusals: `page_token_mismatch` for a token of another request, or none of ours; `page_token_expired`; `page_token_limit`. */
export function readPageToken(token: string, now: number, signing: TokenSigning): Result<PageEdge> {
  const [payload = "", signature = "", ...more] = token.split(".");
  if (more.length > 0 || !isSame(signature, sign(payload, signing))) return refuse({ code: "page_token_mismatch", param });
  // Signed by us, so it is what `writePageToken` wrote.
  const [side, value, id, page, rowsBefore, expiresAt] = JSON.parse(Buffer.from(payload, "base64url").toString()) as Payload;
  if (now >= expiresAt) return refuse({ code: "page_token_expired", path: ["query", param] });
  if (rowsBefore >= limits.rowsWithPageTokenMax) return refuse({ code: "page_token_limit", param });
  return ok({ side: side === 1 ? "behind" : "before", place: { value, id }, page, rowsBefore });
}

type Payload = [side: 0 | 1, value: number | string, id: string, page: number, rowsBefore: number, expiresAt: number];

function sign(payload: string, { key, binding }: TokenSigning): string {
  return createHmac("sha256", key).update(`${payload}\n${binding}`).digest("base64url");
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
