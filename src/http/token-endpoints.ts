/** The accounts server for programs: tokens, their end, and whose they are (PROTOCOL E.3). */
import { limits } from "../core/limits.ts";
import type { Refusal } from "../core/refusal.ts";
import type { TokenAnswer } from "../wire/token-answer.ts";
import { renderProfile, renderRevocation, renderToken, renderTokenError } from "../wire/token-answer.ts";
import type { Answer } from "./answer.ts";
import { ownAnswer, ownError } from "./answer.ts";
import { TokenEnded, callerEngine } from "./caller-engine.ts";
import type { OwnCall } from "./own-surface.ts";
import { readForm, readTokenRequest } from "./token-form.ts";

/** `POST /oauth/v2/token`. */
export async function issueToken({ engine, raw, query, baseUrl, accounts }: OwnCall): Promise<Answer> {
  const form = await readForm(raw, query);
  if (!form.ok) return formRefused(form.error);
  const issued = await engine.run("oauth.token", { ...readTokenRequest(form.value), isThrottled: accounts.throttlesTokens });
  if (!issued.ok) return answerOf(renderTokenError(issued.error));
  accounts.authenticator.endSessions(issued.value.endedDigests);
  return answerOf(renderToken(issued.value, baseUrl));
}

/** `POST /oauth/v2/token/revoke`: the token alone is enough, as with Zoho. */
export async function revokeToken({ engine, raw, query, accounts }: OwnCall): Promise<Answer> {
  const form = await readForm(raw, query);
  if (!form.ok) return formRefused(form.error);
  const revoked = await engine.run("oauth.revoke", { token: form.value.get("token") ?? "" });
  if (revoked.ok) accounts.authenticator.endSessions(revoked.value.endedDigests);
  return answerOf(renderRevocation(revoked.ok));
}

/** `GET /oauth/user/info`: the user of an access token, whatever its scopes. */
export async function showProfile({ engine, raw, accounts }: OwnCall): Promise<Answer> {
  const session = await accounts.authenticator.authenticate(raw.headers.authorization);
  if (!session.ok) return noProfile();
  const { authorization } = raw.headers;
  const asked = callerEngine({ engine, authenticator: accounts.authenticator, authorization, session: session.value });
  try {
    return answerOf(renderProfile(await asked.run("oauth.profile", { caller: session.value.caller })));
  } catch (error) {
    if (!(error instanceof TokenEnded)) throw error;
    return noProfile();
  }
}

function noProfile(): Answer {
  return answerOf(renderProfile(null), ["WWW-Authenticate", 'Bearer realm="watchpost", error="invalid_token"']);
}

function answerOf({ httpStatus, body }: TokenAnswer, moreHeaders: readonly string[] = []): Answer {
  return ownAnswer(httpStatus, body, moreHeaders);
}

function formRefused({ code }: Refusal): Answer {
  if (code === "body_coded") return ownError(415, { code, message: "A form is read as it is, without a Content-Encoding." });
  return ownError(413, { code: "body_too_large", message: `A form has at most ${limits.tokenFormBytesMax} bytes.` });
}
