/** A target on 127.0.0.1 that records what is POSTed to it, in order, and answers as it is told. */
import { once } from "node:events";
import http from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import type { AddressInfo, Socket } from "node:net";

export type Callback = {
  readonly method: string;
  /** As it stood on the request line, with the query string. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: unknown;
};

export type ReceiverAnswer = { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> };

/** How long `next` waits before it says that nothing came; a watchdog, no part of any behaviour. */
const watchdogMs = 8_000;

export class Receiver {
  #server: http.Server | null = null;
  readonly #sockets = new Set<Socket>();
  #port = 0;
  #answer: ReceiverAnswer = { status: 200, body: "ok" };
  #held: Promise<void> | null = null;
  readonly #received: Callback[] = [];
  #taken = 0;
  readonly #waiting: ((callback: Callback) => void)[] = [];
  /** Each says whether what it waits for is there. */
  #counting: (() => boolean)[] = [];

  static async start(): Promise<Receiver> {
    const receiver = new Receiver();
    await receiver.up();
    return receiver;
  }

  get port(): number {
    return this.#port;
  }

  get received(): readonly Callback[] {
    return this.#received;
  }

  url(target = "/callback"): string {
    return `http://127.0.0.1:${this.#port}${target}`;
  }

  /** From now on every request is answered so. */
  answerWith(answer: ReceiverAnswer): void {
    this.#answer = answer;
  }

  /** From now on answers wait until the function that is given back is called. */
  hold(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#held = promise;
    return () => {
      this.#held = null;
      resolve();
    };
  }

  /** The next callback that was not taken yet, as soon as it is there. */
  next(): Promise<Callback> {
    const callback = this.#received[this.#taken];
    this.#taken += 1;
    if (callback !== undefined) return Promise.resolve(callback);
    return new Promise((resolve, reject) => {
      const watchdog = setTimeout(() => reject(new Error(`no callback came within ${watchdogMs} ms`)), watchdogMs);
      this.#waiting.push((arrived) => {
        clearTimeout(watchdog);
        resolve(arrived);
      });
    });
  }

  /** Resolves when so many have come in all. */
  reached(count: number, withinMs = watchdogMs): Promise<void> {
    if (this.#received.length >= count) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const watchdog = setTimeout(
        () => reject(new Error(`${this.#received.length} of ${count} callbacks came within ${withinMs} ms`)),
        withinMs,
      );
      this.#counting.push(() => {
        if (this.#received.length < count) return false;
        clearTimeout(watchdog);
        resolve();
        return true;
      });
    });
  }

  /** Listens, on the same port as before. Twice is fine. */
  async up(): Promise<void> {
    if (this.#server !== null) return;
    const server = http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        this.#take(request, Buffer.concat(chunks).toString("utf8"));
        void this.#respond(response);
      });
    });
    server.on("connection", (socket) => {
      // One that was on its way while the server closed comes after `down` has ended the others, and would hold it up.
      if (this.#server !== server) {
        socket.destroy();
        return;
      }
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
    this.#server = server;
    server.listen(this.#port, "127.0.0.1");
    await once(server, "listening");
    this.#port = (server.address() as AddressInfo).port;
  }

  /** Refuses connections until `up`; those that are open end now. Twice is fine. */
  async down(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    this.#server = null;
    const closed = once(server, "close");
    server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.down();
  }

  #take(request: http.IncomingMessage, text: string): void {
    const callback: Callback = {
      method: request.method ?? "",
      target: request.url ?? "",
      headers: request.headers,
      text,
      body: parsed(text),
    };
    this.#received.push(callback);
    this.#waiting.shift()?.(callback);
    this.#counting = this.#counting.filter((look) => !look());
  }

  async #respond(response: http.ServerResponse): Promise<void> {
    const answer = this.#answer;
    if (this.#held !== null) await this.#held;
    response.writeHead(answer.status, answer.headers).end(answer.body ?? "");
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A body that is no JSON is a finding for the test that looks at it; the text is kept beside it.
    return undefined;
  }
}
