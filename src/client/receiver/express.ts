/** The receiver as a handler of Express, and of anything that hands on Node's own request and response. */
import type { HeaderLookup } from "./notification.ts";
import { type NodeStream, readNodeBody } from "./node-body.ts";
import type { Receiver, ReceiverAnswer } from "./receiver.ts";

export type NodeRequest = NodeStream & {
  readonly method?: string | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly httpVersionMajor?: number;
  readonly readableDidRead?: boolean;
  /** What a body parser before us has made. */
  readonly body?: unknown;
  /** What `keepRawBody` has kept. */
  readonly rawBody?: unknown;
};

export type NodeResponse = {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(text: string): unknown;
};

/**
 * A handler for `app.post(path, …)`. It takes the body as it comes, as `express.raw()` left it, or as `keepRawBody` kept it. Where a parser has
 * taken it and the bytes are gone, `next` gets an error that says so: a signature is over bytes, not over what was read from them.
 */
export function expressHandler(
  receiver: Receiver,
): (request: NodeRequest, response: NodeResponse, next?: (error: unknown) => void) => void {
  const handle = async (request: NodeRequest, response: NodeResponse, next?: (error: unknown) => void): Promise<void> => {
    let answer = fault;
    try {
      answer = await answerNode(receiver, request);
    } catch (error) {
      // A mistake of the program, or what its handler threw: the framework's to report, where there is one.
      if (next !== undefined) return next(error);
    }
    send(response, answer, request.httpVersionMajor ?? 1);
  };
  return (request, response, next) => void handle(request, response, next);
}

/** For `express.json({ verify: keepRawBody })`: keeps the bytes beside what is parsed from them. */
export function keepRawBody(request: object, _response: unknown, body: Uint8Array): void {
  Object.assign(request, { rawBody: body });
}

const fault: ReceiverAnswer = { status: 500, headers: { "Content-Type": "application/json;charset=UTF-8" }, body: '{"error":"failed"}' };

const bytesGone =
  "a body parser ran before the receiver and the bytes of the body are gone: mount the receiver before express.json(), or use express.json({ verify: keepRawBody })";

async function answerNode(receiver: Receiver, request: NodeRequest): Promise<ReceiverAnswer> {
  const body = await bytesOf(request, receiver.bodyBytesMax);
  return receiver.receive({ method: request.method ?? "", header: headerOf(request.headers), body });
}

async function bytesOf(request: NodeRequest, bytesMax: number): Promise<Uint8Array | null> {
  const kept = [request.rawBody, request.body].find((value) => value instanceof Uint8Array);
  if (kept !== undefined) return kept.byteLength > bytesMax ? null : kept;
  if (request.readableDidRead === true) throw new TypeError(bytesGone);
  return readNodeBody(request, bytesMax);
}

/** Node gives header names in lower case. */
export function headerOf(headers: NodeRequest["headers"]): HeaderLookup {
  return (name) => {
    const value = headers[name];
    return (typeof value === "string" ? value : value?.[0]) ?? null;
  };
}

function send(response: NodeResponse, { status, headers, body }: ReceiverAnswer, httpVersionMajor: number): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  // The rest of a body that was too long must not be read as the next request.
  if (status === 413 && httpVersionMajor === 1) response.setHeader("Connection", "close");
  response.end(body);
}
