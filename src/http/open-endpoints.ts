/** What anyone may ask: whether the server lives and is ready, and what it is. */
import type { Answer } from "./answer.ts";
import { ownAnswer } from "./answer.ts";
import { isTagKnown } from "./conditional.ts";
import { redirectAnswer } from "./html.ts";
import type { OwnCall } from "./own-surface.ts";
import { isAdmin, unauthorized } from "./own-surface.ts";

/** `GET /livez`: the process answers. */
export async function showAlive(): Promise<Answer> {
  return Promise.resolve(ownAnswer(200, { status: "ok" }));
}

/** `GET /readyz`: everything moves, and the server is not on its way out. It asks nobody who might not answer. */
export async function showReady({ health, isClosing }: OwnCall): Promise<Answer> {
  if (isClosing) return Promise.resolve(ownAnswer(503, { status: "closing" }));
  const { causes } = health.report();
  if (causes.length === 0) return Promise.resolve(ownAnswer(200, { status: "ok" }));
  const told = causes.map(({ part, since, detail }) => ({ part, since: new Date(since).toISOString(), detail }));
  return Promise.resolve(ownAnswer(503, { status: "stuck", causes: told }));
}

/** `GET /metrics`, in Prometheus' text form. */
export async function showMetrics(call: OwnCall): Promise<Answer> {
  if (call.metricsAccess === "admin" && !(await isAdmin(call))) return unauthorized(call);
  const { contentType, text } = await call.metrics.render();
  return { status: 200, headers: ["Content-Type", contentType, ...uncached], text };
}

const uncached: readonly string[] = ["Cache-Control", "no-store", "X-Content-Type-Options", "nosniff", "Vary", "accept-encoding"];

/** `GET /openapi.json`: what this server answers, for programs. It changes with the program alone. */
export async function showApiDocument({ apiDocument, raw }: OwnCall): Promise<Answer> {
  const { text, tag } = await apiDocument();
  const headers = [...cacheable, "ETag", tag];
  const isKnown = isTagKnown(raw.headers["if-none-match"], tag);
  return isKnown ? { status: 304, headers, text: null } : { status: 200, headers: [...ofJson, ...headers], text };
}

const cacheable: readonly string[] = ["Cache-Control", "public, max-age=300", "Vary", "accept-encoding"];
const ofJson: readonly string[] = ["Content-Type", "application/json;charset=UTF-8", "X-Content-Type-Options", "nosniff"];

/** `GET /docs`: the same, for people. */
export async function showDocs({ docsPage, raw }: OwnCall): Promise<Answer> {
  const { text, tag, policy } = await docsPage();
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
  if (isTagKnown(raw.headers["if-none-match"], tag)) return { status: 304, headers, text: null };
  const ofPage = ["Content-Type", "text/html;charset=UTF-8", "X-Content-Type-Options", "nosniff"];
  return { status: 200, headers: [...ofPage, ...headers], text };
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
      metrics: `${baseUrl}/metrics`,
    }),
  );
}
