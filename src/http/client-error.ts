/**
 * Requests that never become one: Node's parser gave up on the bytes. They are answered on the bare socket, with JSON as
 * everything else, and the connection ends.
 */
import type { Duplex } from "node:stream";
import type { Answer } from "./answer.ts";
import { ownError } from "./answer.ts";
import type { CrmSurface } from "./crm-surface.ts";
import { STATUS_CODES } from "./node-http.ts";

/**
 * The answer to bytes that are no HTTP request; a method the parser does not know gets the CRM's refusal of it (v2.1 seed). null where no
 * answer can be read: the TLS handshake failed, or the peer has gone.
 */
export function answerToClientError(code: string | undefined, crm: Pick<CrmSurface, "unknownMethod">): Answer | null {
  if (code === "ECONNRESET" || /^ERR_(?:SSL|TLS|OSSL)_/.test(code ?? "")) return null;
  switch (code) {
    case "HPE_INVALID_METHOD":
      return crm.unknownMethod();
    case "HPE_HEADER_OVERFLOW":
      return ownError(431, { code: "headers_too_large", message: "The request's headers are too large." });
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return ownError(408, { code: "request_timeout", message: "The request took too long to arrive." });
    default:
      return ownError(400, { code: "bad_request", message: "This is no HTTP request that can be read." });
  }
}

/** Writes the answer on a socket that has no response object, and closes it once the answer is handed to the network; null closes it at once. */
export function writeToSocket(socket: Duplex, answer: Answer | null, now: number): void {
  if (answer === null || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, headers, text } = answer;
  const body = text ?? "";
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    `Date: ${new Date(now).toUTCString()}`,
    "Connection: close",
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  for (let at = 0; at + 1 < headers.length; at += 2) lines.push(`${headers[at] ?? ""}: ${headers[at + 1] ?? ""}`);
  socket.on("error", () => socket.destroy());
  socket.end(`${lines.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
}
