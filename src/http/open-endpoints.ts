/** What anyone may ask: whether the server lives and is ready, and what it is. */
import type { Answer } from "./answer.ts";
import { ownAnswer } from "./answer.ts";
import type { OwnCall } from "./own-surface.ts";

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

/** `GET /openapi.json`: what this server answers, for programs. It changes with the program alone. */
export async function showApiDocument({ apiDocument, raw }: OwnCall): Promise<Answer> {
  const { text, tag } = apiDocument();
  const isKnown = raw.headers["if-none-match"]?.split(",").some((known) => known.trim() === tag || known.trim() === "*") ?? false;
  const headers = [...cacheable, "ETag", tag];
  return Promise.resolve(isKnown ? { status: 304, headers, text: null } : { status: 200, headers: [...ofJson, ...headers], text });
}

const cacheable: readonly string[] = ["Cache-Control", "public, max-age=300", "Vary", "accept-encoding"];
const ofJson: readonly string[] = ["Content-Type", "application/json;charset=UTF-8", "X-Content-Type-Options", "nosniff"];

/** `GET /`: for a person who opens the address in a browser. */
export async function showIndex({ baseUrl, programVersion }: OwnCall): Promise<Answer> {
  return Promise.resolve(
    ownAnswer(200, {
      name: "Watchpost",
      version: programVersion,
      crm: `${baseUrl}/crm/{version}/`,
      token: `${baseUrl}/oauth/v2/token`,
      admin: `${baseUrl}/api/v1/`,
      openapi: `${baseUrl}/openapi.json`,
      health: [`${baseUrl}/livez`, `${baseUrl}/readyz`],
    }),
  );
}
