/** What anyone may ask: a token for credentials, whether the server lives and is ready, and what it is. */
import { limits } from "../core/limits.ts";
import { renderToken, renderTokenError } from "../wire/token-answer.ts";
import type { Answer } from "./answer.ts";
import { ownAnswer, ownError } from "./answer.ts";
import { readBody } from "./body.ts";
import type { OwnCall } from "./own-surface.ts";
import { readTokenRequest } from "./token-form.ts";

/** `POST /oauth/v2/token`. A refusal is HTTP 200 too, with the key `error` (PROTOCOL E.3). */
export async function issueToken({ engine, raw, query, baseUrl }: OwnCall): Promise<Answer> {
  const body = await readBody(raw, limits.tokenFormBytesMax);
  if (!body.ok) return ownError(413, { code: "body_too_large", message: `A token request has at most ${limits.tokenFormBytesMax} bytes.` });
  const request = await readTokenRequest(raw.headers["content-type"], new Uint8Array(body.value), query);
  const issued = await engine.run("oauth.token", request);
  return ownAnswer(200, issued.ok ? renderToken(issued.value, baseUrl) : renderTokenError(issued.error));
}

/** `GET /livez`: the process answers. */
export async function showAlive(): Promise<Answer> {
  return Promise.resolve(ownAnswer(200, { status: "ok" }));
}

/** `GET /readyz`: the store answers, and the server is not on its way out. */
export async function showReady({ engine, isClosing }: OwnCall): Promise<Answer> {
  if (isClosing) return ownAnswer(503, { status: "closing" });
  try {
    await engine.run("operate.channels", { afterKey: null, limit: 1 });
    return ownAnswer(200, { status: "ok" });
  } catch {
    // Expected: a store that cannot answer, which is just what the question is about.
    return ownAnswer(503, { status: "unavailable" });
  }
}

/** `GET /`: for a person who opens the address in a browser. */
export async function showIndex({ baseUrl, programVersion }: OwnCall): Promise<Answer> {
  return Promise.resolve(
    ownAnswer(200, {
      name: "Watchpost",
      version: programVersion,
      crm: `${baseUrl}/crm/{version}/`,
      token: `${baseUrl}/oauth/v2/token`,
      admin: `${baseUrl}/api/v1/`,
      health: [`${baseUrl}/livez`, `${baseUrl}/readyz`],
    }),
  );
}
