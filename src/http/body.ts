/** The body of a request, read as it came: Zoho's SDKs send JSON with no Content-Type, curl sends it as a form (CLIENTS 2.1). */
import type { IncomingMessage } from "node:http";
import type { Result } from "../core/result.ts";
import { ok, refuse } from "../core/result.ts";

const noBytes = Buffer.alloc(0);
const gone: Result<never> = refuse({ code: "body_malformed" });

/**
 * Reads the whole body, at most `bytesMax` bytes. `body_too_large` and `body_coded` leave the rest unread: Node discards it, so the
 * connection can be used again. `body_malformed` when the client went away half-way. A body under a Content-Encoding is refused, for
 * no client codes its bodies, and decoding would need limits of its own.
 */
export function readBody(request: IncomingMessage, bytesMax: number): Promise<Result<Buffer>> {
  const length = request.headers["content-length"];
  if (request.headers["transfer-encoding"] === undefined && (length === undefined || length === "0")) return Promise.resolve(ok(noBytes));
  if (isCoded(request.headers["content-encoding"])) return Promise.resolve(refuse({ code: "body_coded" }));
  if (length !== undefined && Number(length) > bytesMax) return Promise.resolve(refuse({ code: "body_too_large", limit: bytesMax }));
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes <= bytesMax) return void chunks.push(chunk);
      chunks.length = 0;
      request.off("data", onData).off("end", onEnd);
      resolve(refuse({ code: "body_too_large", limit: bytesMax }));
    };
    const onEnd = (): void => {
      const only = chunks[0];
      resolve(ok(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, bytes)));
      chunks.length = 0;
    };
    // After the end none of these is called to any effect, so they stay: taking them off costs as much as putting them on.
    const onGone = (): void => resolve(gone);
    // The error of an aborted request says nothing that its close does not; without a listener it would be thrown.
    request.on("error", ignore).on("data", onData).on("end", onEnd).on("close", onGone);
  });
}

function isCoded(contentEncoding: string | undefined): boolean {
  return contentEncoding !== undefined && !/^(?:identity)?$/i.test(contentEncoding.trim());
}

function ignore(): void {
  // See above.
}
