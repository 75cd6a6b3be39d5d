/** `/console/session`: a person signs in to the console with an admin token, asks whether they are, and signs out. */
import { limits } from "../core/limits.ts";
import { parseObject } from "../wire/lossless-json.ts";
import type { Answer } from "./answer.ts";
import { ownAnswer, ownError, ownHeaders } from "./answer.ts";
import { writeDown } from "./audit-log.ts";
import { readBody } from "./body.ts";
import { askSession, csrfTokenOf, endedCookie, hasCsrfToken, sessionCookie, sessionIdOf } from "./console-session.ts";
import { isFromOwnPage } from "./own-origin.ts";
import type { OwnCall } from "./own-surface.ts";
import { noCsrfToken, notFromHere } from "./own-surface.ts";

const route = "/console/session";

/** `GET`: whether the browser is signed in, and what the page has to know then. */
export async function showSession({ engine, operator, raw, programVersion }: OwnCall): Promise<Answer> {
  const sessionId = sessionIdOf(raw);
  const session = await askSession({ engine, realNow: operator.realNow }, sessionId);
  return ownAnswer(200, {
    signed_in: session !== null,
    csrf: session === null || sessionId === null ? null : csrfTokenOf(sessionId),
    version: programVersion,
    is_dev: operator.isDev,
    org_count: session?.orgs ?? null,
  });
}

/** `POST` with `{"token"}`: 204 and the cookie. A wrong token is written down; too many of an address are refused unread. */
export async function signInToConsole(call: OwnCall): Promise<Answer> {
  const { engine, accounts, raw, baseUrl, operator } = call;
  if (!isFromOwnPage(raw, baseUrl)) return notFromHere();
  const address = raw.socket.remoteAddress ?? "";
  const attempt = { user: `console ${address}`, address };
  const waitSeconds = accounts.attempts.begin(attempt);
  if (waitSeconds !== null) {
    const message = `There were too many attempts. Try again in ${Math.ceil(waitSeconds / 60)} minutes.`;
    return ownError(429, { code: "too_many_attempts", message }, ["Retry-After", String(waitSeconds)]);
  }
  const adminToken = await readToken(call);
  if (adminToken === null) {
    accounts.attempts.forgive(attempt);
    return ownError(400, { code: "invalid_body", message: 'The body is to be {"token": an admin token}.' });
  }
  const session = await engine.run("session.signIn", { adminToken, at: operator.realNow() });
  if (session === null) {
    await writeDown(call, { actor: "console", method: "POST", route, status: 401, summary: "A sign-in with a token that is none" });
    return ownError(401, { code: "unauthorized", message: "This is no admin token of this server." });
  }
  accounts.attempts.forgive(attempt);
  await writeDown(call, { actor: "console", method: "POST", route, status: 204 });
  return { status: 204, headers: [...ownHeaders, "Set-Cookie", sessionCookie(session.sessionId, isHttps(call))], text: null };
}

/** `DELETE`: 204, whether there was a session or not; its streams end too. */
export async function signOutOfConsole(call: OwnCall): Promise<Answer> {
  const { engine, operator, raw, baseUrl } = call;
  const sessionId = sessionIdOf(raw);
  const session = await askSession({ engine, realNow: operator.realNow }, sessionId, false);
  if (sessionId !== null && session !== null) {
    if (!isFromOwnPage(raw, baseUrl)) return notFromHere();
    if (!hasCsrfToken(raw, sessionId)) return noCsrfToken();
    await engine.run("session.signOut", { sessionId });
    operator.streams.endSession(sessionId);
    await writeDown(call, { actor: "console", method: "DELETE", route, status: 204 });
  }
  return { status: 204, headers: [...ownHeaders, "Set-Cookie", endedCookie(isHttps(call))], text: null };
}

async function readToken({ raw }: OwnCall): Promise<string | null> {
  const body = await readBody(raw, limits.consoleFormBytesMax);
  const object = body.ok ? parseObject(body.value.toString("utf8")) : body;
  const token = object.ok ? object.value["token"] : null;
  return typeof token === "string" && token.length <= limits.adminTokenCharsMax ? token : null;
}

function isHttps({ baseUrl }: OwnCall): boolean {
  return baseUrl.startsWith("https:");
}
