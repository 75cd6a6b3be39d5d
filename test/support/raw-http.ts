/** Requests as bytes, for what no client library would let a test send; and the answer as it came. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { gunzipSync } from "node:zlib";

export type RawAnswer = {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** Decoded, when it came compressed. */
  readonly text: string;
  /** The parsed JSON; undefined when the answer has no body. */
  readonly body: unknown;
};

export type RawRequest = {
  /** Method and target: `GET /crm/v2/Leads?ids=1&`. */
  readonly line: string;
  /** Exactly these, with the length of the payload unless they say how long it is; Host is added. */
  readonly headers?: readonly string[];
  readonly payload?: string;
};

/** One connection to 127.0.0.1, on which one request is sent after the other. */
export class RawConnection {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);

  constructor(baseUrl: string) {
    const { hostname, port } = new URL(baseUrl);
    assert.equal(hostname, "127.0.0.1", "tests talk to this machine only");
    this.#socket = connect({ host: hostname, port: Number(port) });
    this.#socket.on("error", () => undefined);
  }

  async send(request: RawRequest): Promise<RawAnswer> {
    this.#socket.write(bytesOf(request));
    const end = await this.#until(() => this.#received.indexOf("\r\n\r\n"));
    const [statusLine = "", ...lines] = this.#received.subarray(0, end).toString("latin1").split("\r\n");
    const headers = new Map(
      lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
    );
    const status = Number(statusLine.split(" ")[1]);
    assert.equal(headers.get("transfer-encoding"), undefined, "every answer says its length");
    const isBodiless = request.line.startsWith("HEAD ") || status === 204 || status === 304;
    const length = isBodiless ? 0 : Number(headers.get("content-length"));
    const start = end + 4;
    await this.#until(() => (this.#received.length >= start + length ? start : -1));
    const bytes = this.#received.subarray(start, start + length);
    this.#received = this.#received.subarray(start + length);
    const text = (headers.get("content-encoding") === "gzip" ? gunzipSync(bytes) : bytes).toString("utf8");
    return { status, headers, text, body: text === "" ? undefined : JSON.parse(text) };
  }

  /** Whether the server has ended the connection, at the latest when it has nothing more to say. */
  async isEnded(): Promise<boolean> {
    if (!this.#socket.readableEnded) await once(this.#socket.resume(), "end");
    return true;
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  async #until(find: () => number): Promise<number> {
    for (let found = find(); ; found = find()) {
      if (found >= 0) return found;
      const [chunk] = (await once(this.#socket, "data")) as [Buffer];
      this.#received = Buffer.concat([this.#received, chunk]);
    }
  }
}

/** One request on a connection of its own. */
export async function sendRaw(baseUrl: string, request: RawRequest): Promise<RawAnswer> {
  using connection = new RawConnection(baseUrl);
  return await connection.send(request);
}

function bytesOf({ line, headers = [], payload = "" }: RawRequest): string {
  const saysLength = headers.some((header) => /^(content-length|transfer-encoding):/i.test(header));
  const length = payload === "" || saysLength ? [] : [`Content-Length: ${Buffer.byteLength(payload)}`];
  return `${[`${line} HTTP/1.1`, "Host: 127.0.0.1", ...headers, ...length].join("\r\n")}\r\n\r\n${payload}`;
}
