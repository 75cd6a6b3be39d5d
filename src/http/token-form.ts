/** The forms of the accounts server. Parameters come in three ways: multipart form, urlencoded form, query string (CLIENTS 3). */
import type { IncomingMessage } from "node:http";
import type { TokenRequest } from "../core/principal.ts";
import { limits } from "../core/limits.ts";
import type { Result } from "../core/result.ts";
import { ok } from "../core/result.ts";
import { readBody } from "./body.ts";
import type { Query } from "./query.ts";

export type Form = ReadonlyMap<string, string>;

/** Reads the body of a request, and parameters of its query besides; `body_too_large` beyond 64 KiB, `body_coded` under a Content-Encoding. */
export async function readForm(raw: IncomingMessage, query: Query | null): Promise<Result<Form>> {
  const body = await readBody(raw, limits.tokenFormBytesMax);
  return body.ok ? ok(await parseForm(raw.headers["content-type"], new Uint8Array(body.value), query)) : body;
}

/**
 * Reads the parameters; where the body and the query string name the same one, the body's counts. An empty one counts for nothing, and
 * an unreadable body names none.
 */
export async function parseForm(contentType: string | undefined, body: Uint8Array<ArrayBuffer>, query: Query | null): Promise<Form> {
  const form = new Map<string, string>();
  for (const [name, value] of [...firstEntries(query?.entries() ?? []), ...firstEntries(await bodyEntries(contentType, body))]) {
    if (value !== "") form.set(name, value);
  }
  return form;
}

export function readTokenRequest(form: Form): TokenRequest {
  return {
    grantType: form.get("grant_type") ?? null,
    clientId: form.get("client_id") ?? null,
    clientSecret: form.get("client_secret") ?? null,
    refreshToken: form.get("refresh_token") ?? null,
    code: form.get("code") ?? null,
    redirectUri: form.get("redirect_uri") ?? null,
    scope: form.get("scope") ?? null,
    soid: form.get("soid") ?? null,
  };
}

async function bodyEntries(contentType: string | undefined, body: Uint8Array<ArrayBuffer>): Promise<Iterable<[string, string]>> {
  if (body.length === 0) return [];
  if (contentType === undefined || !/^multipart\/form-data\s*;/i.test(contentType)) {
    return new URLSearchParams(new TextDecoder().decode(body)).entries();
  }
  try {
    const form = await new Response(body, { headers: { "content-type": contentType } }).formData();
    return [...form.entries()].flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : []));
  } catch {
    // Expected: a TypeError for a body that is no multipart form. The request then lacks its parameters, and is told so.
    return [];
  }
}

function firstEntries(entries: Iterable<[string, string]>): [string, string][] {
  return [...entries].slice(0, limits.tokenFormFieldsMax);
}
