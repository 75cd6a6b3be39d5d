/** The parameters of the token endpoint, which come in three ways: multipart form, urlencoded form, query string (CLIENTS 3). */
import type { TokenRequest } from "../core/principal.ts";
import { limits } from "../core/limits.ts";
import type { Query } from "./query.ts";

/** Reads the request; where the body and the query string name the same parameter, the body's counts. An unreadable body names none. */
export async function readTokenRequest(
  contentType: string | undefined,
  body: Uint8Array<ArrayBuffer>,
  query: Query,
): Promise<TokenRequest> {
  const fields = new Map<string, string>();
  for (const [name, value] of [...firstEntries(query.entries()), ...firstEntries(await bodyEntries(contentType, body))]) {
    if (value !== "") fields.set(name, value);
  }
  return {
    grantType: fields.get("grant_type") ?? null,
    clientId: fields.get("client_id") ?? null,
    clientSecret: fields.get("client_secret") ?? null,
    refreshToken: fields.get("refresh_token") ?? null,
    code: fields.get("code") ?? null,
    redirectUri: fields.get("redirect_uri") ?? null,
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
