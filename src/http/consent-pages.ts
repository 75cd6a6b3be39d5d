/** The pages of `/oauth/v2/auth`: sign in, agree, or read what is wrong. */
import { fullName } from "../core/org.ts";
import type { Profile } from "../core/principal.ts";
import type { Answer } from "./answer.ts";
import type { Html } from "./html.ts";
import { html, pageAnswer } from "./html.ts";
import { scopeWords } from "./scope-words.ts";
import type { AuthRequest } from "./tickets.ts";

const action = "/oauth/v2/auth";
const ownForms = ["'self'"];

export type SignIn = {
  readonly status: number;
  /** Goes back with the form. */
  readonly ticket: string;
  readonly request: AuthRequest;
  /** What was typed before; empty at first. */
  readonly email: string;
  /** Why the form is here again; null: it is the first time. */
  readonly fault: string | null;
};

export function signInPage({ status, ticket, request, email, fault }: SignIn, moreHeaders: readonly string[] = []): Answer {
  const body = html`<h1>Sign in</h1>
    <p>to let <strong>${request.clientName}</strong> use <strong>${request.orgName}</strong></p>
    ${fault === null ? "" : html`<p role="alert">${fault}</p>`}
    <form method="post" action="${action}">
      <input type="hidden" name="ticket" value="${ticket}" />
      <label for="email">E-mail address</label>
      <input id="email" name="email" type="email" value="${email}" autocomplete="username" required autofocus />
      <label for="password">Password</label>
      <input id="password" name="password" type="password" autocomplete="current-password" required />
      <button>Sign in</button>
    </form>`;
  return pageAnswer({ status, title: "Sign in · Watchpost", body, formTargets: ownForms }, moreHeaders);
}

export type ConsentForm = { readonly ticket: string; readonly request: AuthRequest; readonly user: Profile };

export function consentPage({ ticket, request, user }: ConsentForm): Answer {
  const { clientName, orgName, scopes, isOffline, redirectUri } = request;
  const body = html`<h1>${clientName} asks for access</h1>
    <p>to <strong>${orgName}</strong>, as ${fullName(user)} (${user.email}):</p>
    <ul>
      ${scopes.map(scopeItem)}
    </ul>
    <p class="dim">${isOffline ? "It keeps this access until it is revoked." : "This access ends after one hour."}</p>
    <form method="post" action="${action}">
      <input type="hidden" name="ticket" value="${ticket}" />
      <button name="decision" value="accept">Allow</button>
      <button name="decision" value="deny" class="plain">Deny</button>
    </form>
    <p class="dim">Either way you go back to ${placeOf(redirectUri)}.</p>`;
  return pageAnswer({ status: 200, title: "Allow access? · Watchpost", body, formTargets: [...ownForms, ...schemesOf(redirectUri)] });
}

export type Fault = { readonly title: string; readonly text: string };

/** Nothing leads on from here: to an address that nobody registered least of all. */
export function faultPage(status: number, { title, text }: Fault): Answer {
  const body = html`<h1>${title}</h1>
    <p>${text}</p>
    <p class="dim">Go back to the application, and start again from there.</p>`;
  return pageAnswer({ status, title: `${title} · Watchpost`, body, formTargets: [] });
}

function scopeItem(scope: string): Html {
  return html`<li>${scopeWords(scope)}<code>${scope}</code></li> `;
}

/** The host, or for an application with a scheme of its own that. */
function placeOf(redirectUri: string): string {
  const url = new URL(redirectUri);
  return url.host === "" ? url.protocol : url.host;
}

/**
 * Browsers hold every redirect that follows a form to the page's policy, those of the application too; so its scheme is allowed, and not
 * its host alone.
 */
function schemesOf(redirectUri: string): readonly string[] {
  const { protocol } = new URL(redirectUri);
  return protocol === "http:" ? ["http:", "https:"] : [protocol];
}
