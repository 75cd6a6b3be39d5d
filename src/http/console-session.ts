/**
 * The console's session as a browser shows it: a cookie that no script can read and no other site sends, and for every method that may
 * change something a second text in a header, which only a page of ours can know. It is made from the session's id, so nothing is kept.
 */
import type { IncomingMessage } from "node:http";
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Engine } from "../app/commands.ts";
import { limits } from "../core/limits.ts";

const cookieName = "watchpost_session";
export const csrfHeader = "x-watchpost-csrf";

/** The session id of the cookie; null: there is none, or it has another form. */
export function sessionIdOf({ headers }: Pick<IncomingMessage, "headers">): string | null {
  const pairs = (headers.cookie ?? "").split(";").map((pair) => pair.trim());
  const value = pairs.find((pair) => pair.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1) ?? "";
  return /^[\w-]{43}$/.test(value) ? value : null;
}

/** The orgs of the store while the session lives; null: it does not. `isUse` false: the question does not lengthen its life. */
export async function askSession(
  { engine, realNow }: { readonly engine: Pick<Engine, "run">; readonly realNow: () => number },
  sessionId: string | null,
  isUse = true,
): Promise<{ readonly orgs: number } | null> {
  return sessionId === null ? null : engine.run("session.use", { sessionId, at: realNow(), isUse });
}

export function csrfTokenOf(sessionId: string): string {
  return createHmac("sha256", sessionId).update("watchpost csrf").digest("base64url");
}

export function hasCsrfToken({ headers }: Pick<IncomingMessage, "headers">, sessionId: string): boolean {
  const given = Buffer.from(String(headers[csrfHeader] ?? ""));
  const wanted = Buffer.from(csrfTokenOf(sessionId));
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** The value of `Set-Cookie` that begins a session. */
export function sessionCookie(sessionId: string, isHttps: boolean): string {
  return `${cookieName}=${sessionId}; ${attributes(isHttps)}; Max-Age=${limits.consoleSessionIdleMs / 1_000}`;
}

/** That which ends it in the browser. */
export function endedCookie(isHttps: boolean): string {
  return `${cookieName}=; ${attributes(isHttps)}; Max-Age=0`;
}

function attributes(isHttps: boolean): string {
  return `Path=/; HttpOnly; SameSite=Strict${isHttps ? "; Secure" : ""}`;
}
