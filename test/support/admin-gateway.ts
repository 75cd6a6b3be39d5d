/**
 * The admin API by its contract, on loopback: what is canned here is answered here, everything else goes on to a real server, when there is one. So
 * the commands are tried on the real server as far as its endpoints reach, and on the contract beyond.
 */
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { send } from "./client.ts";

export type Canned = (asked: Asked) => Reply | Promise<Reply>;
export type Reply = { readonly status: number; readonly body: unknown };
export type Asked = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly authorization: string | undefined;
};

export type GatewayOptions = {
  /** The origin of a real server; null: what is not canned is a 404. */
  readonly upstream: string | null;
  /** By `METHOD /path`, where `{id}` stands for any part. */
  readonly canned: Readonly<Record<string, Canned>>;
};

/** An event stream: the events come at once, then the connection stays open. */
export class Stream {
  readonly events: readonly { readonly event: string; readonly data: unknown }[];

  constructor(events: Stream["events"]) {
    this.events = events;
  }
}

export class AdminGateway {
  readonly #server: http.Server;
  readonly asked: Asked[] = [];

  private constructor(options: GatewayOptions) {
    this.#server = http.createServer((request, response) => {
      void this.#answer(request, response, options).catch((error: unknown) => {
        response
          .writeHead(502, { "Content-Type": "application/json" })
          .end(JSON.stringify({ error: { code: "gateway", message: String(error) } }));
      });
    });
  }

  static async start(options: GatewayOptions): Promise<AdminGateway> {
    const gateway = new AdminGateway(options);
    gateway.#server.listen(0, "127.0.0.1");
    await once(gateway.#server, "listening");
    return gateway;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async #answer(request: http.IncomingMessage, response: http.ServerResponse, { upstream, canned }: GatewayOptions): Promise<void> {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const method = request.method ?? "GET";
    const raw = await buffer(request);
    const asked: Asked = {
      method,
      path: url.pathname,
      query: url.searchParams,
      body: raw.length === 0 ? null : JSON.parse(raw.toString("utf8")),
      authorization: request.headers.authorization,
    };
    this.asked.push(asked);
    const row = Object.entries(canned).find(([route]) => matches(route, `${method} ${url.pathname}`))?.[1];
    if (row === undefined) return this.#pass(request, response, { upstream, raw });
    const { status, body } = await row(asked);
    if (!(body instanceof Stream)) {
      const text = typeof body === "string" ? body : JSON.stringify(body);
      response.writeHead(status, { "Content-Type": "application/json;charset=UTF-8" }).end(text);
      return;
    }
    response.writeHead(status, { "Content-Type": "text/event-stream" });
    response.write(": hello\n\n");
    for (const { event, data } of body.events) response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  async #pass(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    { upstream, raw }: { readonly upstream: string | null; readonly raw: Buffer },
  ): Promise<void> {
    if (upstream === null) {
      const text =
        request.url === "/livez" || request.url === "/readyz"
          ? '{"status":"ok"}'
          : '{"error":{"code":"not_found","message":"Nothing is there."}}';
      response.writeHead(text.includes("error") ? 404 : 200, { "Content-Type": "application/json" }).end(text);
      return;
    }
    const headers = Object.fromEntries(
      Object.entries(request.headers).flatMap(([name, value]) =>
        typeof value === "string" && name !== "host" && name !== "content-length" ? [[name, value]] : [],
      ),
    );
    const answer = await send(upstream, {
      method: request.method ?? "GET",
      path: request.url ?? "/",
      headers,
      ...(raw.length === 0 ? {} : { body: raw.toString("utf8") }),
    });
    const passed = ["content-type", "date"].flatMap((name) => {
      const value = answer.headers[name];
      return typeof value === "string" ? [[name, value] as const] : [];
    });
    response.writeHead(answer.status, Object.fromEntries(passed)).end(answer.text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }
}

function matches(route: string, asked: string): boolean {
  const pattern = route.replaceAll(/[.*+?^$()|[\]\\]/g, "\\$&").replaceAll(/\{\w+\}/g, "[^/]+");
  return new RegExp(`^${pattern}$`).test(asked);
}
