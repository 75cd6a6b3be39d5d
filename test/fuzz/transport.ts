/** Sends a request to the byte, over a kept connection or one of its own, and reads what comes; silence is ended by a watchdog. */
import http from "node:http";
import net from "node:net";
import type { Header } from "./mutate.ts";

export type Sent = {
  readonly method: string;
  /** With its query. */
  readonly target: string;
  readonly headers: readonly Header[];
  readonly body: Buffer | null;
  /** Written on a socket of its own as it stands, with a Content-Length that may lie; the rest never comes. */
  readonly raw: { readonly claimedBytes: number; readonly isCut: boolean } | null;
};

export type Came =
  | { readonly kind: "answer"; readonly status: number; readonly headers: ReadonlyMap<string, string>; readonly text: string }
  /** The connection ended without an answer. */
  | { readonly kind: "ended"; readonly reason: string }
  | { readonly kind: "silence" };

export type Target = { readonly port: number; readonly agent: http.Agent; readonly watchdogMs: number };

export function send(target: Target, sent: Sent): Promise<Came> {
  return sent.raw === null ? sendWhole(target, sent) : sendRaw(target, writeRaw(sent, sent.raw), sent.raw.isCut);
}

function sendWhole({ port, agent, watchdogMs }: Target, sent: Sent): Promise<Came> {
  return new Promise((resolve) => {
    const headers: Record<string, string> = {};
    for (const [name, value] of sent.headers) headers[name] = value;
    if (sent.body !== null) headers["Content-Length"] = String(sent.body.length);
    const options = { host: "127.0.0.1", port, agent, method: sent.method, path: sent.target, headers };
    const request = http.request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", (error) => finish({ kind: "ended", reason: error.message }));
      response.on("end", () => {
        const named = new Map(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
        finish({ kind: "answer", status: response.statusCode ?? 0, headers: named, text: Buffer.concat(chunks).toString("utf8") });
      });
    });
    const watchdog = setTimeout(() => {
      finish({ kind: "silence" });
      request.destroy();
    }, watchdogMs);
    const finish = (came: Came): void => {
      clearTimeout(watchdog);
      resolve(came);
    };
    request.on("upgrade", (_response, socket) => {
      socket.destroy();
      finish({ kind: "ended", reason: "upgraded" });
    });
    request.on("error", (error) => finish({ kind: "ended", reason: error.message }));
    request.end(sent.body ?? undefined);
  });
}

function writeRaw(sent: Sent, { claimedBytes }: { readonly claimedBytes: number }): Buffer {
  const lines = [`${sent.method} ${sent.target} HTTP/1.1`, ...sent.headers.map(([name, value]) => `${name}: ${value}`)];
  if (!sent.headers.some(([name]) => name.toLowerCase() === "host")) lines.push("Host: 127.0.0.1");
  if (sent.body !== null) lines.push(`Content-Length: ${claimedBytes}`);
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\nConnection: close\r\n\r\n`, "latin1"), sent.body ?? Buffer.alloc(0)]);
}

function sendRaw({ port, watchdogMs }: Target, bytes: Buffer, isCut: boolean): Promise<Came> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: "127.0.0.1", port, allowHalfOpen: true });
    const chunks: Buffer[] = [];
    const watchdog = setTimeout(() => finish({ kind: "silence" }), watchdogMs);
    const finish = (came: Came): void => {
      clearTimeout(watchdog);
      socket.destroy();
      resolve(came);
    };
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", (error) => finish(readRaw(chunks) ?? { kind: "ended", reason: error.message }));
    socket.on("end", () => finish(readRaw(chunks) ?? { kind: "ended", reason: "the server hung up" }));
    // A client that is gone sends no more; one that has said all waits for its answer.
    if (isCut) socket.end(bytes);
    else socket.write(bytes);
  });
}

/** The first answer among the bytes, after what only announces it (1xx); null when none is whole. */
function readRaw(chunks: readonly Buffer[]): Came | null {
  let text = Buffer.concat(chunks).toString("utf8");
  for (;;) {
    const end = text.indexOf("\r\n\r\n");
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1] ?? 0);
    if (end === -1 || status === 0) return null;
    const headers = new Map(
      text
        .slice(0, end)
        .split("\r\n")
        .slice(1)
        .map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
    );
    text = text.slice(end + 4);
    const length = headers.get("content-length");
    // What follows is the answer to bytes that came after the request's own.
    const own = length === undefined ? text : Buffer.from(text).subarray(0, Number(length)).toString("utf8");
    if (status >= 200) return { kind: "answer", status, headers, text: own };
  }
}
