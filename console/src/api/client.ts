/**
 * Requests to the server that served this page. What comes back is taken for what the server's own description says of it
 * (`/openapi.json`): the console and the server are built from one checkout, and a test holds the server to the description.
 */
import { ApiError, readErrorBody } from "./api-error.ts";

export type QueryValue = string | number | boolean | null | undefined;
export type Query = Readonly<Record<string, QueryValue>>;

export type Page<Row> = { readonly rows: readonly Row[]; readonly nextCursor: string | null };

export type Client = {
  readonly get: <T>(path: string, query?: Query) => Promise<T>;
  readonly post: <T>(path: string, body?: unknown) => Promise<T>;
  readonly send: <T>(request: ClientRequest) => Promise<T>;
};

export type ClientRequest = {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Query | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
};

export type ClientParts = {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** What the server wants to see on every request that changes something; null before the sign-in. */
  readonly csrf: () => string | null;
  /** Called when the session is over. */
  readonly onSignedOut: () => void;
};

export function createClient(parts: ClientParts): Client {
  const send = <T>(request: ClientRequest): Promise<T> => sendRequest<T>(parts, request);
  return {
    send,
    get: <T>(path: string, query?: Query) => send<T>({ method: "GET", path, query }),
    post: <T>(path: string, body: unknown = {}) => send<T>({ method: "POST", path, body }),
  };
}

/** The path with its query; what is null, undefined or empty is left out. */
export function withQuery(path: string, query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") params.set(name, String(value));
  }
  const text = params.toString();
  return text === "" ? path : `${path}?${text}`;
}

async function sendRequest<T>(parts: ClientParts, request: ClientRequest): Promise<T> {
  const csrf = parts.csrf();
  const hasBody = request.body !== undefined;
  const response = await reach(parts, request, {
    method: request.method,
    credentials: "same-origin",
    headers: {
      accept: "application/json",
      ...(hasBody ? { "content-type": "application/json" } : {}),
      ...(request.method === "GET" || csrf === null ? {} : { "x-watchpost-csrf": csrf }),
      ...request.headers,
    },
    ...(hasBody ? { body: JSON.stringify(request.body) } : {}),
  });
  const text = await response.text();
  if (response.ok) return readAnswer<T>(text, response.status);
  const error = readErrorBody(text, response.status);
  if (response.status === 401 && request.headers?.["authorization"] === undefined) parts.onSignedOut();
  throw error;
}

async function reach(parts: ClientParts, request: ClientRequest, init: RequestInit): Promise<Response> {
  try {
    return await parts.fetch(withQuery(request.path, request.query), init);
  } catch (cause) {
    // Expected: the server is stopped or restarts, or the network is away.
    throw new ApiError({ status: 0, code: "unreachable", message: "The server does not answer." }, { cause });
  }
}

function readAnswer<T>(text: string, status: number): T {
  try {
    // The one place where an answer gets its type; the head of this file says why that may be.
    return JSON.parse(text === "" ? "null" : text) as T;
  } catch (cause) {
    // Expected from something between us and the server, such as a proxy's sign-in page.
    throw new ApiError(
      { status, code: "no_json", message: "The answer is no JSON. Is something else answering in the server's place?" },
      { cause },
    );
  }
}
