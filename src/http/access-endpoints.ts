/** `/api/v1/users`, `/clients`, `/tokens` and `/audit`: who may call, and what was done through the admin API. */
import type { AccessList, AccessPage, AccessRefusal, ClientView, TokenView, UserView } from "../app/commands.ts";
import type { AuditEntry } from "../core/audit.ts";
import { limits } from "../core/limits.ts";
import { type Result, ok, refuse } from "../core/result.ts";
import { defaultScopes, isRedirectUri } from "../config/seed-parser.ts";
import { type JsonObject, parseObject, valueOf } from "../wire/lossless-json.ts";
import type { Json } from "../wire/json.ts";
import { readScopes } from "../wire/scopes.ts";
import { readCursor, readRowLimit } from "./admin-filter.ts";
import { invalidParameter } from "./admin-params.ts";
import { type Answer, ownAnswer, ownError } from "./answer.ts";
import { readBody } from "./body.ts";
import { pathPart } from "./crm-endpoint.ts";
import { type OwnCall, unknownOwnPath } from "./own-surface.ts";
import { type Query, readText } from "./query.ts";

/** `GET /api/v1/users`, by org and id. */
export async function listUserAccounts({ engine, query }: OwnCall): Promise<Answer> {
  const asked = readList(query, /./);
  return asked.ok ? pageAnswer("users", await engine.run("access.users", asked.value), userJson) : asked.error;
}

/** `GET /api/v1/clients`, by org and id; those that were revoked too. */
export async function listClients({ engine, query }: OwnCall): Promise<Answer> {
  const asked = readList(query, /./);
  return asked.ok ? pageAnswer("clients", await engine.run("access.clients", asked.value), clientJson) : asked.error;
}

/** `POST /api/v1/clients` with `{"org","name","scope","user_email","redirect_uri"}`: the client, and its secrets, shown here alone. */
export async function makeClient({ engine, raw }: OwnCall): Promise<Answer> {
  const body = await readObject(raw);
  if (!body.ok) return body.error;
  const texts = readTexts(body.value, ["org", "name", "scope", "user_email", "redirect_uri"]);
  if (!texts.ok) return texts.error;
  const { org, name, scope, user_email: userEmail, redirect_uri: redirectUri } = texts.value;
  if (org === null) return wrongValue("org", "the zgid of an org");
  if (name === null || name.length > limits.clientNameCharsMax) return wrongValue("name", "a name for people, of at most 255 characters");
  const scopes = scope === null ? null : scopesOf(scope);
  if (scopes === null) return wrongValue("scope", "scopes such as ZohoCRM.modules.ALL, separated by commas");
  if (redirectUri !== null && (redirectUri.length > limits.redirectUriCharsMax || !isRedirectUri(redirectUri))) {
    return wrongValue("redirect_uri", "a URL without a fragment, such as https://app.example/callback");
  }
  if (userEmail === null && redirectUri === null) {
    return wrongValue(
      "user_email",
      "the address of a user; only a client with a redirect_uri can be without: its users sign in themselves",
    );
  }
  const made = await engine.run("access.makeClient", { zgid: org, name, scopes, userEmail, redirectUri });
  if (!made.ok) return refused(made.error);
  const { client, clientSecret, refreshToken } = made.value;
  return ownAnswer(201, { client: clientJson(client), client_secret: clientSecret, refresh_token: refreshToken });
}

/** `POST /api/v1/clients/{client_id}/revoke`: its tokens and codes end, and it gets no more. */
export async function revokeClient({ engine, params, accounts }: OwnCall): Promise<Answer> {
  const revoked = await engine.run("access.revokeClient", { clientId: pathPart(params, "clientId") });
  if (revoked === null) return unknownOwnPath();
  accounts.authenticator.endSessions(revoked.endedDigests);
  return ownAnswer(200, { client: clientJson(revoked.client) });
}

/** `GET /api/v1/tokens`: access tokens that have not ended, the newest first. */
export async function listTokens({ engine, query }: OwnCall): Promise<Answer> {
  const asked = readList(query, /^\d{1,16}\.[0-9a-f]{16}$/);
  return asked.ok ? pageAnswer("tokens", await engine.run("access.tokens", asked.value), tokenJson) : asked.error;
}

/** `POST /api/v1/tokens` with `{"org","user_email","scope"}`, all of which may be left out: an access token for the CRM, shown here alone. */
export async function makeToken({ engine, raw, accounts, baseUrl }: OwnCall): Promise<Answer> {
  const body = await readObject(raw);
  if (!body.ok) return body.error;
  const texts = readTexts(body.value, ["org", "user_email", "scope"]);
  if (!texts.ok) return texts.error;
  const { org: zgid, user_email: userEmail, scope } = texts.value;
  const scopes = scope === null ? defaultScopes : scopesOf(scope);
  if (scopes === null) return wrongValue("scope", "scopes such as ZohoCRM.modules.ALL, separated by commas");
  const made = await engine.run("access.makeToken", { zgid, userEmail, scopes });
  if (!made.ok) return refused(made.error);
  const { accessToken, token, endedDigests } = made.value;
  accounts.authenticator.endSessions(endedDigests);
  return ownAnswer(201, { access_token: accessToken, token: tokenJson(token), api_domain: baseUrl });
}

/** `POST /api/v1/tokens/{id}/revoke`. */
export async function revokeAccessToken({ engine, params, accounts }: OwnCall): Promise<Answer> {
  const id = pathPart(params, "tokenId");
  const revoked = /^[0-9a-f]{16}$/.test(id) ? await engine.run("access.revokeToken", { id }) : null;
  if (revoked === null) return unknownOwnPath();
  accounts.authenticator.endSessions(revoked.endedDigests);
  return ownAnswer(200, { token: tokenJson(revoked.token) });
}

/** `GET /api/v1/audit`: the newest first. */
export async function listAudit({ engine, query }: OwnCall): Promise<Answer> {
  const beforeId = readCursor(query);
  if (!beforeId.ok) return invalidParameter(beforeId.error);
  const limit = readRowLimit(query, limits.auditEntriesPerPageMax);
  if (!limit.ok) return invalidParameter(limit.error);
  const { entries, hasMore } = await engine.run("audit.list", { beforeId: beforeId.value, limit: limit.value });
  const last = entries.at(-1);
  return ownAnswer(200, { entries: entries.map(entryJson), next_cursor: hasMore && last !== undefined ? String(last.id) : null });
}

function readList(query: Query, cursorForm: RegExp): Result<AccessList, Answer> {
  const limit = readRowLimit(query, limits.accessRowsPerPageMax);
  if (!limit.ok) return refuse(invalidParameter(limit.error));
  const cursor = readText(query, "cursor");
  if (cursor !== null && (cursor.length > limits.cursorCharsMax || !cursorForm.test(cursor))) {
    return refuse(invalidParameter({ code: "param_invalid", param: "cursor" }));
  }
  return ok({ zgid: readText(query, "org"), cursor, limit: limit.value });
}

async function readObject(raw: OwnCall["raw"]): Promise<Result<JsonObject, Answer>> {
  const body = await readBody(raw, limits.adminBodyBytesMax);
  const object = body.ok ? parseObject(body.value.length === 0 ? "{}" : body.value.toString("utf8")) : body;
  return object.ok ? object : refuse(ownError(400, { code: "invalid_body", message: "The body is to be a JSON object." }));
}

/** The texts of these keys; what is absent, null or empty is null. */
function readTexts<const K extends string>(body: JsonObject, keys: readonly K[]): Result<Readonly<Record<K, string | null>>, Answer> {
  const texts: Partial<Record<K, string | null>> = {};
  for (const key of keys) {
    const value = valueOf(body, key) ?? null;
    if (value !== null && typeof value !== "string") return refuse(wrongValue(key, "a text"));
    texts[key] = value === null || value.trim() === "" ? null : value.trim();
  }
  // Every key of the list was read.
  return ok(texts as Record<K, string | null>);
}

function scopesOf(text: string): readonly string[] | null {
  const scopes = text.length > limits.seedScopeCharsMax ? [] : readScopes(text);
  return scopes.length > 0 && scopes.every((scope) => /^\w+(\.\w+){1,3}$/.test(scope)) ? scopes : null;
}

function refused(refusal: AccessRefusal): Answer {
  switch (refusal) {
    case "unknown_org":
      return wrongValue("org", "the zgid of an org of this server");
    case "org_unsaid":
      return wrongValue("org", "said, for there are several");
    case "unknown_user":
      return wrongValue("user_email", "the address of an active user of the org");
  }
}

function wrongValue(param: string, expected: string): Answer {
  return ownError(400, { code: "invalid_parameter", message: `The value of ${param} is to be ${expected}.`, param });
}

function pageAnswer<Row>(key: string, { rows, nextCursor }: AccessPage<Row>, json: (row: Row) => Json): Answer {
  return ownAnswer(200, { [key]: rows.map(json), next_cursor: nextCursor });
}

function userJson({ id, zgid, email, firstName, lastName, status }: UserView): Json {
  return { id, org: zgid, email, first_name: firstName, last_name: lastName, status };
}

function clientJson({ clientId, zgid, name, scopes, userId, redirectUri, revokedAt }: ClientView): Json {
  const revoked = revokedAt === null ? null : iso(revokedAt);
  return { client_id: clientId, org: zgid, name, scopes, user_id: userId, redirect_uri: redirectUri, revoked_at: revoked };
}

function tokenJson({ id, zgid, clientId, userId, scopes, issuedAt, expiresAt }: TokenView): Json {
  return { id, org: zgid, client_id: clientId, user_id: userId, scopes, issued_at: iso(issuedAt), expires_at: iso(expiresAt) };
}

function entryJson({ id, at, actor, method, path, status, summary }: AuditEntry): Json {
  return { id, at: iso(at), actor, method, path, status, summary };
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
