/**
 * A server for the console alone: every endpoint it asks, with made-up data that acts, and the built console under the
 * same headers that the real server sends.
 */
import { readFile } from "node:fs/promises";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import path from "node:path";
import { matchPath } from "../src/routing/match-path.ts";
import { accessRoutes } from "./access-answers.ts";
import { adminRoutes, audit, statsOf } from "./admin-answers.ts";
import { crmRoutes } from "./crm-answers.ts";
import { type FakeAnswer, fault, readJson } from "./http.ts";
import { fillInbox, fillOrg, fillPast } from "./sample.ts";
import { type World, emptyWorld } from "./world.ts";

export type FakeOptions = {
  readonly port: number;
  /** `new`: nobody has subscribed yet. */
  readonly past: "new" | "full";
  readonly isDev?: boolean;
};

export type FakeServer = {
  readonly url: string;
  readonly token: string;
  readonly world: World;
  readonly breakStreams: () => void;
  readonly close: () => Promise<void>;
};

/** As the real server's; the console must do with it. */
export const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

const dist = path.resolve(import.meta.dirname, "../../dist/console");
const mediaTypes: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};
const routes = Object.entries({ ...accessRoutes, ...adminRoutes, ...crmRoutes });
const statsEveryMs = 5_000;

export async function openFake({ port, past, isDev = true }: FakeOptions): Promise<FakeServer> {
  const world = emptyWorld(Date.now, { token: "fake-admin-token", isDev });
  const streams = new Set<ServerResponse>();
  world.emit = (event, data) => {
    for (const stream of streams) stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  fillOrg(world);
  if (past === "full") fillPast(world);
  const server = createServer((request, response) => {
    serve({ world, streams, request, response }).catch((error: unknown) => {
      response
        .writeHead(500, { "content-type": "application/json" })
        .end(JSON.stringify({ error: { code: "internal", message: String(error) } }));
    });
  });
  const ticking = setInterval(() => world.emit("stats", statsOf(world)), statsEveryMs);
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.address();
  world.baseUrl = `http://127.0.0.1:${String(typeof address === "object" ? address?.port : port)}`;
  if (past === "full") fillInbox(world);
  return {
    url: `${world.baseUrl}/console/`,
    token: world.token,
    world,
    breakStreams: () => {
      for (const stream of streams) stream.destroy();
    },
    close: async () => {
      clearInterval(ticking);
      for (const stream of streams) stream.end();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Exchange = {
  readonly world: World;
  readonly streams: Set<ServerResponse>;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
};

async function serve(exchange: Exchange): Promise<void> {
  const { request, response, world } = exchange;
  const url = new URL(request.url ?? "/", world.baseUrl);
  const session = sessionOf(world, request);
  if (request.method === "GET" && url.pathname.startsWith("/console") && url.pathname !== "/console/session") {
    return serveFile(response, url.pathname);
  }
  if (url.pathname === "/api/v1/stream" && session !== null) return openStream(exchange);
  let text = "";
  for await (const chunk of request) text += String(chunk);
  const { status, body, headers } = respond(exchange, url, text);
  response.writeHead(status, { "content-type": "application/json;charset=UTF-8", "cache-control": "no-store", ...headers });
  response.end(body === null ? undefined : JSON.stringify(body));
}

function respond({ world, request }: Exchange, url: URL, text: string): FakeAnswer {
  const method = request.method ?? "GET";
  const session = sessionOf(world, request);
  if (url.pathname.startsWith("/api/") && session === null) return fault(401, "unauthorized", "There is no session.");
  const isUnmarked = method !== "GET" && session !== null && request.headers["x-watchpost-csrf"] !== session;
  if (url.pathname.startsWith("/api/") && isUnmarked) return fault(403, "csrf", "The request is not of this session's page.");
  if (url.pathname.startsWith("/crm/") && !isAuthorized(world, request)) {
    return { status: 401, body: { code: "INVALID_TOKEN", message: "invalid oauth token", details: {}, status: "error" } };
  }
  for (const [route, act] of routes) {
    const [routeMethod, pattern = ""] = route.split(" ");
    const params = routeMethod === method ? matchPath(pattern, url.pathname) : null;
    if (params === null) continue;
    const later = (run: () => void, delayMs = 60): void => void setTimeout(run, delayMs);
    const given = act({ world, params, query: url.searchParams, body: method === "GET" ? {} : readJson(text), session, later });
    if (method !== "GET" && url.pathname.startsWith("/api/")) audit(world, { method, path: url.pathname, status: given.status });
    return given;
  }
  return fault(404, "not_found", "There is nothing at the path.");
}

function sessionOf(world: World, request: IncomingMessage): string | null {
  const id = /watchpost_session=([\w-]+)/.exec(request.headers.cookie ?? "")?.[1];
  return world.sessions.get(id ?? "") ?? null;
}

function isAuthorized(world: World, request: IncomingMessage): boolean {
  const secret = (request.headers.authorization ?? "").replace("Zoho-oauthtoken ", "");
  return world.tokens.some((token) => token.secret === secret);
}

function openStream({ world, streams, request, response }: Exchange): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  response.write(`event: stats\ndata: ${JSON.stringify(statsOf(world))}\n\n`);
  streams.add(response);
  request.on("close", () => streams.delete(response));
}

/** A file of the build, or the page itself for every address that is none. */
async function serveFile(response: ServerResponse, pathname: string): Promise<void> {
  const name = path.normalize(pathname.replace(/^\/console\/?/, ""));
  const file = path.extname(name) === "" || name.startsWith("..") ? "index.html" : name;
  const bytes = await readFile(path.join(dist, file)).catch(() => null);
  response.writeHead(bytes === null ? 404 : 200, {
    "content-type": `${mediaTypes[path.extname(file)] ?? "application/octet-stream"};charset=UTF-8`,
    "content-security-policy": contentSecurityPolicy,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
  });
  response.end(bytes ?? "Run npm run build:console first.");
}
