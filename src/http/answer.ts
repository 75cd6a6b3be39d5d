/**
 * How an answer leaves: status, headers and JSON text, written straight to Node's response. Header lists are flat
 * (name, value, name, value), made once and only added to, because Node writes them without looking at each.
 */
import type { ServerResponse } from "node:http";
import { limits } from "../core/limits.ts";
import type { Json } from "../wire/json.ts";
import { compress, prefersGzip } from "./compression.ts";

export type Answer = {
  readonly status: number;
  /** Flat; Content-Length, Content-Encoding, Date and Connection are added while writing. */
  readonly headers: readonly string[];
  /** null: no body at all (204). */
  readonly text: string | null;
  /** In place of the text: bytes that go out as they are. */
  readonly bytes?: Buffer;
  /** In place of the text: takes the response over once its head is written. */
  readonly stream?: (response: ServerResponse) => void;
};

/** Headers of everything that is not the CRM's: the token endpoint, the admin API, the probes. */
export const ownHeaders: readonly string[] = [
  "Content-Type",
  "application/json;charset=UTF-8",
  "Cache-Control",
  "no-store",
  "X-Content-Type-Options",
  "nosniff",
  "Referrer-Policy",
  "no-referrer",
  "Vary",
  "accept-encoding",
];

/** An answer of our own surfaces. */
export function ownAnswer(status: number, body: Json, moreHeaders: readonly string[] = []): Answer {
  return { status, headers: moreHeaders.length === 0 ? ownHeaders : [...ownHeaders, ...moreHeaders], text: JSON.stringify(body) };
}

/** The form of our own errors: `{"error":{"code","message"}}`, with `param` when one query parameter is at fault. */
export function ownError(
  status: number,
  error: { code: string; message: string; param?: string },
  moreHeaders: readonly string[] = [],
): Answer {
  return ownAnswer(status, { error }, moreHeaders);
}

/**
 * Writes the answer and ends the response, compressed when the client asks for it and the text is worth it. `leading` are headers that
 * stand before the answer's own. To HEAD, Node sends the headers alone. A client that has gone is no error.
 */
export function writeAnswer(response: ServerResponse, answer: Answer, leading: readonly string[] = []): void {
  const { status, text, bytes, stream } = answer;
  // All in one list: with a header set before, Node would take each of them apart and check it again, at a tenth of what an answer costs.
  const headers = [...leading, ...answer.headers];
  if (stream !== undefined) {
    response.writeHead(status, headers);
    if (response.req.method === "HEAD") response.end();
    else stream(response);
  } else if (bytes !== undefined) {
    writeBody(response, { status, headers, body: bytes });
  } else if (text === null) {
    response.writeHead(status, headers);
    response.end();
  } else if (text.length >= limits.compressedBytesMin && prefersGzip(response.req.headers["accept-encoding"])) {
    void compress(text).then(
      (body) => writeBody(response, { status, headers: [...headers, "Content-Encoding", "gzip"], body }),
      // Expected: too little memory for it. The text as it is needs none.
      () => writeBody(response, { status, headers, body: text }),
    );
  } else {
    // As a string the body leaves in one write with the headers; as a Buffer it would take a costlier one of its own.
    writeBody(response, { status, headers, body: text });
  }
}

type Written = { readonly status: number; readonly headers: string[]; readonly body: string | Buffer };

/** The list is the answer's own copy, and may grow. */
function writeBody(response: ServerResponse, { status, headers, body }: Written): void {
  headers.push("Content-Length", String(Buffer.byteLength(body)));
  response.writeHead(status, headers);
  response.end(body);
}
