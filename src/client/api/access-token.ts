/** Access tokens: one given, one asked for each time, or fetched by a refresh token and kept until it ends. */
import { textAt, valueAt } from "../json-text.ts";
import { kitLimits } from "../limits.ts";
import { ApiError } from "./api-error.ts";
import type { Transport } from "./transport.ts";

export type RefreshGrant = { readonly clientId: string; readonly clientSecret: string; readonly refreshToken: string };

/** How a client proves who it is. */
export type Auth = { readonly accessToken: string } | { readonly getAccessToken: () => Promise<string> } | RefreshGrant;

export type AccessToken = {
  readonly token: string;
  /** Where the API of this user is, as the accounts server says; null when it does not. */
  readonly apiDomain: string | null;
};

export type TokenSource = {
  readonly get: () => Promise<AccessToken>;
  /** The server does not know it any more. Whether another may be had. */
  readonly giveUp: (token: string) => boolean;
};

export function tokenSource(auth: Auth, transport: Transport, accountsUrl: string): TokenSource {
  if ("accessToken" in auth) {
    const { accessToken: token } = auth;
    return { get: () => Promise.resolve({ token, apiDomain: null }), giveUp: () => false };
  }
  if ("getAccessToken" in auth) {
    return { get: async () => ({ token: await auth.getAccessToken(), apiDomain: null }), giveUp: () => true };
  }
  return refreshing(transport, auth, accountsUrl);
}

type Fetched = AccessToken & { readonly until: number };

/** Callers that come together share one request: the accounts server counts them, and allows few. */
function refreshing(transport: Transport, grant: RefreshGrant, accountsUrl: string): TokenSource {
  let kept: Fetched | null = null;
  let underWay: Promise<Fetched> | null = null;
  const refresh = async (): Promise<Fetched> => {
    try {
      kept = await fetchToken(transport, grant, accountsUrl);
      return kept;
    } finally {
      underWay = null;
    }
  };
  return {
    get: () => (kept !== null && kept.until > transport.clock.now() ? Promise.resolve(kept) : (underWay ??= refresh())),
    giveUp: (token) => {
      // Another caller may have fetched a new one in the meantime.
      if (kept?.token === token) kept = null;
      return true;
    },
  };
}

async function fetchToken({ send, clock }: Transport, grant: RefreshGrant, accountsUrl: string): Promise<Fetched> {
  const askedAt = clock.now();
  const form = new URLSearchParams({
    grant_type: "refresh_token",
    client_id: grant.clientId,
    client_secret: grant.clientSecret,
    refresh_token: grant.refreshToken,
  });
  const headers = { "Content-Type": "application/x-www-form-urlencoded" };
  const { status, body, retryAfterMs } = await send({
    method: "POST",
    url: `${accountsUrl}/oauth/v2/token`,
    headers,
    body: form.toString(),
  });
  const token = textAt(body, "access_token");
  // What went wrong stands in the body, the status being 200.
  if (token === null) throw tokenError(status, body, retryAfterMs);
  const seconds = valueAt(body, "expires_in");
  const livesMs = (typeof seconds === "number" ? seconds : 0) * 1_000;
  return { token, apiDomain: textAt(body, "api_domain"), until: askedAt + livesMs - Math.min(kitLimits.tokenSlackMs, livesMs / 2) };
}

function tokenError(status: number, body: unknown, retryAfterMs: number | null): ApiError {
  const code = textAt(body, "error") ?? "answer_unreadable";
  const description = textAt(body, "error_description");
  const message = `no access token was given: ${description === null ? code : `${code}: ${description}`}`;
  // Zoho says of too many requests what it says of none that is allowed; it passes.
  const isThrottled = description?.includes("too many requests") === true;
  return new ApiError({ code, message, status: isThrottled ? 429 : status, retryAfterMs });
}
