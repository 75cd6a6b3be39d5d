/** What anyone may ask: whether the server lives and is ready, and what it is. */
import type { Answer } from "./answer.ts";
import { ownAnswer } from "./answer.ts";
import { isTagKnown } from "./conditional.ts";
import { redirectAnswer } from "./html.ts";
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
  const headers = [...cacheable, "ETag", tag];
  const isKnown = isTagKnown(raw.headers["if-none-match"], tag);
  return Promise.resolve(isKnown ? { status: 304, headers, text: null } : { status: 200, headers: [...ofJson, ...headers], text });
}

const cacheable: readonly string[] = ["Cache-Control", "public, max-age=300", "Vary", "accept-encoding"];
const ofJson: readonly string[] = ["Content-Type", "application/json;charset=UTF-8", "X-Content-Type-Options", "nosniff"];

/** `GET /docs`: the same, for people. */
export async function showDocs({ docsPage, raw }: OwnCall): Promise<Answer> {
  const { text, tag, policy } = docsPage();
  const headers = [
    ...cacheable,
    "ETag",
    tag,
    "Content-Security-Policy",
    policy,
    "Referrer-Policy",
    "same-origin",
    "X-Frame-Options",
    "DENY",
  ];
  if (isTagKnown(raw.headers["if-none-match"], tag)) return Promise.resolve({ status: 304, headers, text: null });
  const ofPage = ["Content-Type", "text/html;charset=UTF-8", "X-Content-Type-Options", "nosniff"];
  return Promise.resolve({ status: 200, headers: [...ofPage, ...headers], text });
}

/** `GET /`: addresses, for programs; a browser goes on to the console. */
export async function showIndex({ baseUrl, programVersion, raw }: OwnCall): Promise<Answer> {
  const isBrowser = /\btext\/html\b/i.test(raw.headers.accept ?? "");
  if (isBrowser) return Promise.resolve(redirectAnswer("/console/"));
  return Promise.resolve(
    ownAnswer(200, {
      name: "Watchpost",
      version: programVersion,
      crm: `${baseUrl}/crm/{version}/`,
      token: `${baseUrl}/oauth/v2/token`,
      admin: `${baseUrl}/api/v1/`,
      openapi: `${baseUrl}/openapi.json`,
      docs: `${baseUrl}/docs`,
      console: `${baseUrl}/console/`,
      health: [`${baseUrl}/livez`, `${baseUrl}/readyz`],
    }),
  );
}
