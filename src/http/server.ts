/**
 * The HTTP server: Fastify for its router and its life, the surfaces for what is answered. Fastify reads no body and writes no
 * answer here: bodies come in under Content-Types that say nothing (CLIENTS 2.1), and are read only for callers who may send one.
 */
import { METHODS } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import Fastify from "fastify";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Engine } from "../app/commands.ts";
import { assert } from "../core/assert.ts";
import type { Clock } from "../core/clock.ts";
import { limits } from "../core/limits.ts";
import type { Events } from "../observe/events.ts";
import type { Answer } from "./answer.ts";
import { writeAnswer } from "./answer.ts";
import { answerToClientError, writeToSocket } from "./client-error.ts";
import type { Params } from "./crm-endpoint.ts";
import { crmHeaders } from "./crm-headers.ts";
import type { Asked, CrmSurface } from "./crm-surface.ts";
import { createCrmSurface } from "./crm-surface.ts";
import type { OwnCall } from "./own-surface.ts";
import { answerAdmin, answerOpen, ownFault, unknownOwnPath } from "./own-surface.ts";
import type { Query } from "./query.ts";
import { parseQuery } from "./query.ts";
import type { Route } from "./route-table.ts";
import { routes } from "./route-table.ts";

export type HttpServerOptions = {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly events: Pick<Events, "requestFaulted">;
  /** The origin under which clients reach the server, without a slash at its end; null: where it listens. */
  readonly publicUrl: string | null;
  /** Watchpost's own version. */
  readonly version: string;
};

export type HttpServer = {
  /** Rejects when the address cannot be taken. Port 0 takes a free one. `localUrl` is where it listens, whatever the public URL. */
  listen(address: { readonly host: string; readonly port: number }): Promise<{ baseUrl: string; localUrl: string }>;
  /** Takes no new connection, answers what has been asked, then resolves. Twice is fine. */
  close(): Promise<void>;
  /** Ends every connection at once, answered or not. */
  closeNow(): void;
};

type RouteShape = { Params: Params; Querystring: Query };

export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { engine, clock, events, publicUrl, version } = options;
  let baseUrl = publicUrl ?? "";
  let isClosing = false;
  const crm = createCrmSurface({ engine, clock, headers: crmHeaders(publicUrl), baseUrl: () => baseUrl });
  const fastify = openFastify(crm, (request, reply) => answerUnknown(request, reply, crm));

  for (const route of routes) {
    fastify.route<RouteShape>({
      method: routedMethods,
      url: route.path,
      handler: async (request, reply) => {
        reply.hijack();
        writeAnswer(reply.raw, await answerOrFault(route, request));
      },
    });
  }

  async function answerOrFault(route: Route, request: FastifyRequest<RouteShape>): Promise<Answer> {
    const { raw, params, query } = request;
    // HEAD is GET whose body Node leaves out.
    const method = raw.method === "HEAD" ? "GET" : (raw.method ?? "");
    try {
      return await answerRoute(route, { raw, method, params, query });
    } catch (error) {
      // Expected: any fault of the engine. A full queue is no news, and would be many lines; the caller is told to come again.
      const isOverloaded = isRetryable(error);
      if (!isOverloaded) events.requestFaulted({ method, path: pathOf(raw), error });
      return route.surface === "crm" ? crm.fault(isOverloaded) : ownFault(isOverloaded);
    }
  }

  async function answerRoute(route: Route, asked: Asked): Promise<Answer> {
    if ((asked.raw.url ?? "").length > limits.urlCharsMax) return unknownPath(asked.raw, crm);
    if (route.surface === "crm") return crm.answer(route.methods, asked);
    const call: OwnCall = { engine, ...asked, baseUrl, programVersion: version, isClosing };
    return route.surface === "admin" ? answerAdmin(route.methods, asked.method, call) : answerOpen(route.methods, asked.method, call);
  }

  return {
    async listen({ host, port }) {
      await fastify.listen({ host, port });
      const address = fastify.server.address();
      assert(address !== null && typeof address === "object", "a listening TCP server has an address");
      const localUrl = originOf(host, address);
      baseUrl = publicUrl ?? localUrl;
      return { baseUrl, localUrl };
    },
    async close() {
      isClosing = true;
      await fastify.close();
    },
    closeNow() {
      isClosing = true;
      fastify.server.close();
      fastify.server.closeAllConnections();
    },
  };
}

/** All but CONNECT, which Node hands over as a bare socket. */
const routedMethods = METHODS.filter((method) => method !== "CONNECT");

function openFastify(crm: CrmSurface, onUnknown: (request: FastifyRequest, reply: FastifyReply) => void): FastifyInstance {
  const fastify = Fastify({
    logger: false,
    exposeHeadRoutes: false,
    // While the server closes, what still comes in on an open connection is answered as always; the connection ends after it.
    return503OnClosing: false,
    bodyLimit: limits.requestBodyBytesMax,
    connectionTimeout: limits.stillSocketMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    http: { maxHeaderSize: limits.requestHeaderBytesMax, headersTimeout: limits.requestTimeoutMs, requestTimeout: limits.requestTimeoutMs },
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: limits.pathParamCharsMax, querystringParser: parseQuery },
    frameworkErrors: (_error, request, reply) => onUnknown(request, reply),
    clientErrorHandler: (error, socket) => writeToSocket(socket, answerToClientError(error.code, crm)),
  });
  // Declared to be without a body, a method's body is left to the route.
  for (const method of routedMethods) fastify.addHttpMethod(method, { hasBody: false, overrideExisting: true });
  fastify.setNotFoundHandler(onUnknown);
  fastify.server.maxConnections = limits.connectionsMax;
  fastify.server.on("connect", (_request, socket) => writeToSocket(socket, crm.unknownMethod()));
  return fastify;
}

function answerUnknown(request: { raw: IncomingMessage }, reply: { raw: ServerResponse; hijack(): unknown }, crm: CrmSurface): void {
  reply.hijack();
  writeAnswer(reply.raw, unknownPath(request.raw, crm));
}

function unknownPath(raw: IncomingMessage, crm: CrmSurface): Answer {
  return pathOf(raw).startsWith("/crm/") ? crm.unknownPath() : unknownOwnPath();
}

function pathOf(raw: IncomingMessage): string {
  return (raw.url ?? "").split("?", 1)[0] ?? "";
}

function isRetryable(error: unknown): boolean {
  return error instanceof Error && "retryable" in error && error.retryable === true;
}

/** The origin that reaches the address: a wildcard is reached by loopback. */
function originOf(host: string, { address, family, port }: AddressInfo): string {
  const isWildcard = address === "0.0.0.0" || address === "::";
  const reachable = isWildcard ? "127.0.0.1" : host.includes(":") || family === "IPv6" ? `[${address}]` : host;
  return `http://${reachable}:${port}`;
}
