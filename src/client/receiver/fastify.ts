/** The receiver as a plugin of Fastify. */
import { headerOf } from "./express.ts";
import type { NodeRequest } from "./express.ts";
import { type NodeStream, readNodeBody } from "./node-body.ts";
import type { Receiver } from "./receiver.ts";

export type FastifyScope = {
  removeAllContentTypeParsers(): void;
  addContentTypeParser(type: string, parser: (request: unknown, payload: NodeStream) => Promise<unknown>): unknown;
  post(path: string, handler: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>): unknown;
};

export type FastifyRequest = {
  readonly method: string;
  readonly headers: NodeRequest["headers"];
  readonly body?: unknown;
  readonly raw: { readonly httpVersionMajor: number };
};

export type FastifyReply = {
  code(status: number): unknown;
  headers(headers: Record<string, string>): unknown;
  send(text: string): unknown;
};

export type FastifyPluginOptions = { readonly path?: string };

/**
 * For `app.register(fastifyPlugin(receiver), { path: "/callback" })`. It takes bodies as bytes whatever their Content-Type, and only within
 * its own scope: the parsers of the rest of the app stay as they are.
 */
export function fastifyPlugin(receiver: Receiver): (scope: FastifyScope, options: FastifyPluginOptions) => Promise<void> {
  return (scope, { path = "/" }) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", async (_request, payload) => ({ bytes: await readNodeBody(payload, receiver.bodyBytesMax) }));
    scope.post(path, async (request, reply) => {
      const body = bytesIn(request.body);
      const answer = await receiver.receive({ method: request.method, header: headerOf(request.headers), body });
      reply.code(answer.status);
      // The rest of a body that was too long must not be read as the next request; HTTP/2 knows no such header.
      const closes = answer.status === 413 && request.raw.httpVersionMajor === 1;
      reply.headers(closes ? { ...answer.headers, Connection: "close" } : { ...answer.headers });
      return reply.send(answer.body);
    });
    return Promise.resolve();
  };
}

/** A request without a body has passed by the parser. */
function bytesIn(parsed: unknown): Uint8Array | null {
  if (typeof parsed !== "object" || parsed === null || !("bytes" in parsed)) return new Uint8Array(0);
  return parsed.bytes instanceof Uint8Array ? parsed.bytes : null;
}
