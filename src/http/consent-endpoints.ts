/**
 * `/oauth/v2/auth` (PROTOCOL E.3): an application sends a user here, who signs in, agrees or not, and is sent back with a code or
 * without. Sign-in and consent are two forms of one address; a signed ticket in the form says which, and carries what was asked for.
 * There is no cookie and so no session that another site could use: whoever has no password gets no form to agree with.
 */
import { limits } from "../core/limits.ts";
import { readScopes } from "../wire/scopes.ts";
import { throttledText } from "../wire/token-answer.ts";
import type { Answer } from "./answer.ts";
import type { Fault } from "./consent-pages.ts";
import { consentPage, faultPage, signInPage } from "./consent-pages.ts";
import { redirectAnswer } from "./html.ts";
import { isFromOwnPage } from "./own-origin.ts";
import type { OwnCall } from "./own-surface.ts";
import { readText } from "./query.ts";
import type { AuthRequest, Ticket } from "./tickets.ts";
import type { Form } from "./token-form.ts";
import { readForm } from "./token-form.ts";

/** `GET /oauth/v2/auth`: the sign-in page, or what is wrong with the request. */
export async function askForConsent({ engine, query, accounts }: OwnCall): Promise<Answer> {
  const clientId = readText(query, "client_id") ?? "";
  const redirectUri = query.get("redirect_uri") ?? "";
  const scopes = readScopes(query.get("scope") ?? "");
  const consent = await engine.run("oauth.prepareConsent", { clientId, redirectUri, scopes });
  if (!consent.ok) return faultPage(400, requestFaults[consent.error]);
  if (readText(query, "response_type") !== "code") return faultPage(400, requestFaults.invalid_response_type);
  const state = query.get("state");
  const isOffline = readText(query, "access_type") === "offline";
  const request: AuthRequest = { clientId, redirectUri, state, isOffline, ...consent.value };
  const ticket = (await accounts.tickets()).write({ request, user: null });
  return signInPage({ status: 200, ticket, request, email: "", fault: null });
}

const requestFaults = {
  invalid_client: { title: "Invalid client id", text: "No application is registered under this client_id." },
  invalid_redirect_uri: {
    title: "Invalid redirect URI",
    text: "The redirect_uri is not, to the letter, the one that is registered for this application.",
  },
  invalid_scope: { title: "Invalid scope", text: "The scope is missing, or names nothing that this application may ask for." },
  invalid_response_type: { title: "Invalid response type", text: "The response_type has to be code." },
} as const satisfies Record<string, Fault>;

const formFaults = {
  foreign: { title: "Not from here", text: "This form was sent by a page of another site." },
  unreadable: { title: "Not readable", text: "This form is too large, or is coded in a way that is not taken." },
  outdated: { title: "This page is too old", text: "It was open for too long." },
  undecided: { title: "No decision", text: "The form says neither yes nor no." },
} as const satisfies Record<string, Fault>;

/** `POST /oauth/v2/auth`: a form comes back. */
export async function answerConsentForm(call: OwnCall): Promise<Answer> {
  if (!isFromOwnPage(call.raw, call.baseUrl)) return faultPage(403, formFaults.foreign);
  const form = await readForm(call.raw, null);
  if (!form.ok) return faultPage(400, formFaults.unreadable);
  const ticket = (await call.accounts.tickets()).read(form.value.get("ticket") ?? "");
  if (ticket === null) return faultPage(400, formFaults.outdated);
  return ticket.user === null ? signIn(call, form.value, ticket.request) : decide(call, form.value, ticket);
}

async function signIn(call: OwnCall, form: Form, request: AuthRequest): Promise<Answer> {
  const { engine, accounts, raw } = call;
  const email = (form.get("email") ?? "").trim().slice(0, limits.userTextCharsMax);
  const attempt = { user: `${request.clientId} ${email}`, address: raw.socket.remoteAddress ?? "" };
  const again = { ticket: (await accounts.tickets()).write({ request, user: null }), request, email };
  const waitSeconds = accounts.attempts.begin(attempt);
  if (waitSeconds !== null) {
    const fault = `There were too many attempts. Try again in ${Math.ceil(waitSeconds / 60)} minutes.`;
    return signInPage({ ...again, status: 429, fault }, ["Retry-After", String(waitSeconds)]);
  }
  const found = await engine.run("oauth.findPassword", { clientId: request.clientId, email });
  const isRight = await accounts.checkPassword(form.get("password") ?? "", found?.hash ?? null);
  if (isRight !== false) accounts.attempts.forgive(attempt);
  if (isRight === null) {
    const fault = "Many people sign in at this moment. Try again in a few seconds.";
    return signInPage({ ...again, status: 503, fault }, ["Retry-After", String(limits.overloadedRetryAfterSeconds)]);
  }
  if (!isRight || found === null) return signInPage({ ...again, status: 403, fault: "The e-mail address or the password is wrong." });
  return consentPage({ ticket: (await accounts.tickets()).write({ request, user: found.user }), request, user: found.user });
}

async function decide({ engine, accounts, baseUrl }: OwnCall, form: Form, { request, user }: Ticket): Promise<Answer> {
  const decision = form.get("decision");
  if (decision === "deny") return leadBack(request, { error: "access_denied" });
  if (decision !== "accept" || user === null) return faultPage(400, formFaults.undecided);
  const { clientId, scopes, isOffline } = request;
  const grant = { clientId, userId: user.userId, scopes, isOffline, isThrottled: accounts.throttlesTokens };
  const granted = await engine.run("oauth.grantCode", grant);
  if (granted.ok) return leadBack(request, { code: granted.value.code, location: "us", "accounts-server": baseUrl });
  if (granted.error === "throttled") return faultPage(400, { title: "Access denied", text: throttledText });
  return faultPage(400, requestFaults[granted.error]);
}

/** To the registered address, with what it has to know and the state as it came. */
function leadBack({ redirectUri, state }: AuthRequest, params: Readonly<Record<string, string>>): Answer {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(params)) url.searchParams.append(name, value);
  if (state !== null) url.searchParams.append("state", state);
  return redirectAnswer(url.href);
}
