/**
 * The HTTP server: Fastify for its router and its life, the surfaces for what is answered. Fastify reads no body and writes no
 * answer here: bodies come in under Content-Types that say nothing (CLIENTS 2.1), and are read only for callers who may send one.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import Fastify from "fastify";
import type { Engine } from "../app/commands.ts";
import type { MetricsAccess } from "../config/options.ts";
import type { TlsFiles } from "../config/tls-files.ts";
import type { VirtualClock } from "../config/virtual-clock.ts";
import { assert } from "../core/assert.ts";
import type { Clock } from "../core/clock.ts";
import { limits } from "../core/limits.ts";
import type { Events } from "../observe/events.ts";
import { type Feed, createFeed } from "../observe/feed.ts";
import type { HealthMonitor } from "../observe/health.ts";
import type { Metrics } from "../observe/metrics.ts";
import type { HttpSurface } from "../observe/metrics/http-metrics.ts";
import type { TakenCensus } from "../observe/metrics/state-metrics.ts";
import { type Accounts, createAccounts } from "./accounts.ts";
import { createApiDocument } from "./api-document.ts";
import type { Answer } from "./answer.ts";
import { hideMethod, restoreMethod, routedMethod } from "./asked-method.ts";
import { writeAnswer } from "./answer.ts";
import { type Authenticator, createAuthenticator } from "./authentication.ts";
import { answerToClientError, writeToSocket } from "./client-error.ts";
import type { Params } from "./crm-endpoint.ts";
import { crmHeaders } from "./crm-headers.ts";
import type { Asked, CrmSurface } from "./crm-surface.ts";
import { createCrmSurface } from "./crm-surface.ts";
import { createDocsPage } from "./docs-page.ts";
import { probePaths } from "./own-routes.ts";
import { type OperatorParts, createOperatorParts } from "./operator-parts.ts";
import type { OwnCall } from "./own-surface.ts";
import { answerAdmin, answerOpen, ownFault, unknownOwnPath } from "./own-surface.ts";
import type { Query } from "./query.ts";
import { parseQuery } from "./query.ts";
import type { QuotaLimits } from "./quota.ts";
import { createQuota } from "./quota.ts";
import type { Route } from "./route-table.ts";
import { routes } from "./route-table.ts";
import type { StaticFiles } from "./static-files.ts";
import type { Spans } from "./stats.ts";
import { countingChanges } from "./written-changes.ts";

export type HttpServerOptions = {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly events: Pick<Events, "requestAnswered" | "requestFaulted" | "auditFaulted">;
  /** Says at once, without asking the store, what is stuck. */
  readonly health: Pick<HealthMonitor, "report">;
  /** What waits and who listens; absent: nobody counts it. */
  readonly census?: () => Promise<TakenCensus | null>;
  readonly metrics: Pick<Metrics, "requestBegan" | "render">;
  /** Who may read the metrics; absent: anyone. */
  readonly metricsAccess?: MetricsAccess;
  /** The origin under which clients reach the server, without a slash at its end; null: where it listens. */
  readonly publicUrl: string | null;
  /** Watchpost's own version. */
  readonly version: string;
  /** The clock, where it is one that can be moved; absent or null: it keeps real time. */
  readonly virtualClock?: VirtualClock | null;
  /** Absent: `clock`. It says when a console session has been idle for too long, and paces the streams. */
  readonly realClock?: Clock;
  /** What the dispatcher's attempts are told to; absent: one that hears of none. */
  readonly feed?: Feed;
  /** The console as it was built; absent, or null: it was not. */
  readonly consoleFiles?: () => Promise<StaticFiles | null>;
  /** Whether it answers nothing but the probes and the metrics; absent: no. */
  readonly isProbesOnly?: boolean;
  /** Whether it is the server of `dev`, with an inbox; absent: no. */
  readonly isDev?: boolean;
  /** What the console tells of how long things are kept; absent: as the limits say. */
  readonly spans?: Spans;
  /** Absent or null: plain http. */
  readonly tls?: TlsFiles | null;
  /** Absent: no limits. */
  readonly quotaLimits?: QuotaLimits;
  /** Absent: a client gets as many tokens and codes as it asks for. */
  readonly throttlesTokens?: boolean;
  /** Called when a replay was made; absent: nobody makes its steps. */
  readonly onReplay?: () => void;
  /** How long a request may take to arrive, in ms; absent: as the limits say. */
  readonly requestTimeoutMs?: number;
};

export type HttpServer = {
  /** Rejects when the address cannot be taken. Port 0 takes a free one. `localUrl` is where it listens, whatever the public URL. */
  listen(address: { readonly host: string; readonly port: number }): Promise<{ baseUrl: string; localUrl: string }>;
  /** Takes no new connection, answers what has been asked, then resolves. Twice is fine. */
  close(): Promise<void>;
  /** Ends every connection at once, answered or not. */
  closeNow(): void;
};

const noQuota: QuotaLimits = { creditsPerDay: null, concurrent: null };

type RouteShape = { Params: Params; Querystring: Query };
type Routed = Omit<Asked, "method">;

export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { clock, events, publicUrl, version, tls = null, virtualClock = null, requestTimeoutMs = limits.requestTimeoutMs } = options;
  const { feed = createFeed(clock) } = options;
  const engine = countingChanges(options.engine, feed);
  let baseUrl = publicUrl ?? "";
  let isClosing = false;
  const dateOf = dateWriter();
  const ownScheme = tls === null ? "http:" : "https:";
  const headers = crmHeaders({ isHttps: (publicUrl ?? ownScheme).startsWith("https:") });
  const quota = createQuota(options.quotaLimits ?? noQuota, clock);
  const authenticator = createAuthenticator({ clock, principalOf: (accessToken) => engine.run("auth.principal", { accessToken }) });
  const accounts = accountsOf(options, engine, authenticator);
  const crm = createCrmSurface({ engine, authenticator, headers, quota, baseUrl: () => baseUrl });
  const apiDocument = createApiDocument(routes, { baseUrl: () => baseUrl, version });
  const operator = operatorOf(options, engine, feed);
  const ownParts = { ...givenParts(options), engine, accounts, operator, apiDocument, docsPage: createDocsPage(apiDocument) };
  const answered = { metrics: options.metrics, events };
  const onUnknown = (request: RawRequest, reply: RawReply): void => answerUnknown(request, reply, { crm, ...answered });
  const fastify = openFastify({ crm, clock, tls, requestTimeoutMs, onUnknown });

  for (const route of routes.filter(({ path }) => options.isProbesOnly !== true || probePaths.has(path))) {
    fastify.route<RouteShape>({
      method: routedMethod,
      url: route.path,
      handler: async (request, reply) => {
        reply.hijack();
        const noteAnswer = noting(route.surface, request.raw, answered);
        const answer = await answerOrFault(route, request);
        writeAnswer(reply.raw, answer, connectionHeaders({ now: virtualClock?.now() ?? null, isClosing, dateOf }));
        noteAnswer(answer.status);
      },
    });
  }

  async function answerOrFault(route: Route, { raw, params, query }: Routed): Promise<Answer> {
    // HEAD is GET whose body Node leaves out.
    const method = raw.method === "HEAD" ? "GET" : (raw.method ?? "");
    try {
      return await answerRoute(route, { raw, method, params, query });
    } catch (error) {
      // Expected: any fault of the engine. One that passes would be a line a request, and the monitor says it once; the caller is told to come again.
      const retryAfterSeconds = retryAfter(error);
      if (retryAfterSeconds === null) events.requestFaulted({ method, path: pathOf(raw), error });
      return route.surface === "crm" ? crm.fault(retryAfterSeconds) : ownFault(retryAfterSeconds);
    }
  }

  async function answerRoute(route: Route, asked: Asked): Promise<Answer> {
    if ((asked.raw.url ?? "").length > limits.urlCharsMax) return unknownPath(asked.raw, crm);
    if (route.surface === "crm") return crm.answer(route.methods, asked);
    const call: OwnCall = { ...ownParts, ...asked, baseUrl, isClosing };
    return route.surface === "admin" ? answerAdmin(route, asked.method, call) : answerOpen(route.methods, asked.method, call);
  }

  return {
    async listen({ host, port }) {
      await fastify.listen({ host, port });
      const address = fastify.server.address();
      assert(address !== null && typeof address === "object", "a listening TCP server has an address");
      const localUrl = originOf(ownScheme, host, address);
      baseUrl = publicUrl ?? localUrl;
      return { baseUrl, localUrl };
    },
    async close() {
      isClosing = true;
      operator.close();
      await fastify.close();
    },
    closeNow() {
      isClosing = true;
      operator.close();
      fastify.server.close();
      fastify.server.closeAllConnections();
    },
  };
}

function accountsOf({ clock, throttlesTokens = false }: HttpServerOptions, engine: Engine, authenticator: Authenticator): Accounts {
  const formKey = async (): Promise<string> => (await engine.run("oauth.formKey", {})).key;
  return createAccounts({ clock, authenticator, throttlesTokens, formKey });
}

function operatorOf(options: HttpServerOptions, engine: Engine, feed: Feed): OperatorParts {
  const { clock, realClock = clock, health, consoleFiles = noFiles, isDev = false, census = () => Promise.resolve(null) } = options;
  return createOperatorParts({ engine, clock, realClock, feed, health, census, consoleFiles, isDev, spans: options.spans ?? limits });
}

const noFiles = (): Promise<null> => Promise.resolve(null);

type Connected = {
  /** null: the server keeps real time. */
  readonly now: number | null;
  readonly isClosing: boolean;
  readonly dateOf: (now: number) => string;
};

function connectionHeaders({ now, isClosing, dateOf }: Connected): readonly string[] {
  // Clients take the time from here; Node would write the real one.
  const date = now === null ? [] : ["Date", dateOf(now)];
  // Kept alive past the close, a connection would hold it up for as long as the client likes; our own dispatcher is one, with the inbox.
  return isClosing ? [...date, "Connection", "close"] : date;
}

/** Writes the instant as a `Date` header says it, each second once. */
function dateWriter(): (now: number) => string {
  let second = Number.NaN;
  let text = "";
  return (now) => {
    const asked = Math.floor(now / 1_000);
    if (asked !== second) text = new Date(now).toUTCString();
    second = asked;
    return text;
  };
}

/** What the own surfaces need of the options. */
function givenParts(options: HttpServerOptions) {
  const { clock, events, health, metrics, metricsAccess = "open", version, virtualClock = null, onReplay = () => undefined } = options;
  const now = (): number => clock.now();
  return { now, events, health, metrics, metricsAccess, programVersion: version, virtualClock, onReplay, sessionId: null };
}

type RawRequest = { readonly raw: IncomingMessage };
type RawReply = { readonly raw: ServerResponse; hijack(): unknown };

type FastifyParts = {
  readonly crm: CrmSurface;
  readonly clock: Pick<Clock, "now">;
  readonly tls: TlsFiles | null;
  readonly requestTimeoutMs: number;
  readonly onUnknown: (request: RawRequest, reply: RawReply) => void;
};

function openFastify({ crm, clock, tls, requestTimeoutMs, onUnknown }: FastifyParts) {
  const fastify = Fastify({
    ...schemeOptions(tls, requestTimeoutMs),
    logger: false,
    // No route has a schema of Fastify's, so nothing is loaded that would compile one.
    schemaController: { compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler } },
    exposeHeadRoutes: false,
    // While the server closes, what still comes in on an open connection is answered as always; the connection ends after it.
    return503OnClosing: false,
    bodyLimit: limits.requestBodyBytesMax,
    connectionTimeout: limits.stillSocketMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    rewriteUrl: (request) => {
      hideMethod(request);
      return originForm(request.url ?? "/");
    },
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: limits.pathParamCharsMax, querystringParser: parseQuery },
    frameworkErrors: (_error, request, reply) => onUnknown(request, reply),
    clientErrorHandler: (error, socket) => writeToSocket(socket, answerToClientError(error.code, crm), clock.now()),
  });
  fastify.setNotFoundHandler(onUnknown);
  const { server } = fastify;
  server.maxConnections = limits.connectionsMax;
  server.on("connect", (_request, socket) => writeToSocket(socket, crm.unknownMethod(), clock.now()));
  // 100-continue is Node's to answer. Another expectation may be passed over (RFC 9110), and the request gets its answer.
  server.on("checkExpectation", (request, response) => server.emit("request", request, response));
  return fastify;
}

/** In place of Fastify's compilers of schemas. */
function noCompiler(): never {
  throw new Error("invariant broken: a route has a schema of Fastify's");
}

/** Fastify takes Node's own options under the scheme that it is to speak. */
function schemeOptions(tls: TlsFiles | null, requestTimeoutMs: number) {
  const http = {
    maxHeaderSize: limits.requestHeaderBytesMax,
    headersTimeout: requestTimeoutMs,
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: Math.min(limits.connectionsLookMs, requestTimeoutMs),
  };
  const minVersion = "TLSv1.2" as const;
  return { http, https: tls === null ? null : { ...http, ...tls, minVersion, handshakeTimeout: requestTimeoutMs } };
}

/** The path and query of a URL that came whole, as some send it who mean a proxy (RFC 9112); any other as it is. */
function originForm(url: string): string {
  if (url.startsWith("/")) return url;
  return url.replace(/^https?:\/\/[^/?#]*/i, "") || "/";
}

type Answered = { readonly metrics: Pick<Metrics, "requestBegan">; readonly events: Pick<Events, "requestAnswered"> };

/** Gives a request that was routed its method back, measures it and logs it: what it gives back is called with the status of its answer. */
function noting(surface: HttpSurface, raw: IncomingMessage, { metrics, events }: Answered): (status: number) => void {
  restoreMethod(raw);
  const end = metrics.requestBegan(surface);
  return (status) => {
    const durationMs = Math.round(end(status) * 100) / 100;
    events.requestAnswered({ surface, method: raw.method ?? "", path: pathOf(raw), status, durationMs });
  };
}

function answerUnknown({ raw }: RawRequest, reply: RawReply, { crm, ...answered }: Answered & { readonly crm: CrmSurface }): void {
  reply.hijack();
  const noteAnswer = noting("none", raw, answered);
  const answer = unknownPath(raw, crm);
  writeAnswer(reply.raw, answer);
  noteAnswer(answer.status);
}

function unknownPath(raw: IncomingMessage, crm: CrmSurface): Answer {
  return pathOf(raw).startsWith("/crm/") ? crm.unknownPath() : unknownOwnPath();
}

function pathOf(raw: IncomingMessage): string {
  const url = raw.url ?? "";
  const queryAt = url.indexOf("?");
  return queryAt === -1 ? url : url.slice(0, queryAt);
}

/** When to come again, in seconds; null: the fault does not pass by itself. What is wrong with the store takes longer than a full queue. */
function retryAfter(error: unknown): number | null {
  if (!(error instanceof Error && "retryable" in error && error.retryable === true)) return null;
  const isOfStore = "ofStore" in error && error.ofStore !== null;
  return isOfStore ? limits.storageRetryAfterSeconds : limits.overloadedRetryAfterSeconds;
}

/** The origin that reaches the address: a wildcard is reached by loopback. */
function originOf(scheme: "http:" | "https:", host: string, { address, family, port }: AddressInfo): string {
  const isWildcard = address === "0.0.0.0" || address === "::";
  const reachable = isWildcard ? "127.0.0.1" : host.includes(":") || family === "IPv6" ? `[${address}]` : host;
  return `${scheme}//${reachable}:${port}`;
}
