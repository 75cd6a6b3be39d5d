/**
 * The targets of the load. Each POST is written down as it arrives. `/good` answers at once, `/slow` after a while, `/flaky` fails the first time
 * for every fourth notification: with 503, or by closing the connection; `/closing` closes each connection behind its answer. `/late` takes a second or two;
 * `/sick` answers 503, and `/away` closes the connection, to all that comes the first time in some seconds of every quarter of a minute.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { at, listAt, textAt } from "../support/json.ts";
import { noticeKey } from "./answered-ledger.ts";
import type { Operation } from "./answered-ledger.ts";

export type Notice = { readonly key: string; readonly recordId: string; readonly rank: number };

/** `failed`: it was answered so that the sender has to come again. */
export type Post = {
  /** The host that its sender says to have. */
  readonly sender: string;
  readonly arrivedAt: number;
  answeredAt: number | null;
  end: "open" | "good" | "failed";
};

/** One notification and all its POSTs. */
export type Notification = {
  readonly id: string;
  readonly channelId: string;
  readonly notices: readonly Notice[];
  readonly posts: Post[];
};

/** A POST whose notification's last one was not answered with a failure. */
export type Repeat = { readonly notification: Notification; readonly before: Post; readonly post: Post };

const slowestMs = 200;
const latestMs = 2_000;
/** How often those are ill that are, and for how long. */
const illEveryMs = 15_000;
const illMs = 4_000;

export class LoadReceiver {
  readonly #servers: readonly http.Server[];
  readonly #sockets = new Set<Socket>();
  readonly notifications = new Map<string, Notification>();
  /** The notices of every POST, in the order of their arrival. */
  readonly arrived: { readonly id: string; readonly channelId: string; readonly notice: Notice; readonly isFirst: boolean }[] = [];
  readonly faults: string[] = [];
  onRepeat: (repeat: Repeat) => void = () => undefined;
  onArrival: () => void = () => undefined;
  onAnswered: () => void = () => undefined;

  private constructor(ports: number) {
    this.#servers = Array.from({ length: ports }, () => this.#open());
  }

  /** `ports`: on how many it listens, each another origin. */
  static async start(ports = 1): Promise<LoadReceiver> {
    const receiver = new LoadReceiver(ports);
    for (const server of receiver.#servers) {
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
    }
    return receiver;
  }

  url(path: string, origin = 0): string {
    const server = this.#servers[origin];
    assert.ok(server !== undefined);
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  }

  #open(): http.Server {
    const server = http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => void this.#take(request, response, Buffer.concat(chunks).toString("utf8")).catch(this.#fail));
    });
    return server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
  }

  /** A fresh store: nothing of the one before counts any more. */
  forget(): void {
    this.notifications.clear();
    this.arrived.length = 0;
  }

  /** The sender is dead: what its connections still hold is taken first, and they end. */
  async partFromSender(): Promise<void> {
    await wait(10);
    for (const socket of this.#sockets) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = this.#servers.map((server) => once(server, "close"));
    for (const server of this.#servers) server.close();
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }

  readonly #fail = (error: unknown): void => {
    this.faults.push(error instanceof Error ? error.message : String(error));
  };

  async #take(request: http.IncomingMessage, response: http.ServerResponse, text: string): Promise<void> {
    const id = String(request.headers["webhook-id"]);
    const body: unknown = JSON.parse(text);
    const notification = this.notifications.get(id) ?? readNotification(id, body);
    this.notifications.set(id, notification);
    const { channelId, notices, posts } = notification;
    const before = posts.at(-1);
    const isSame = channelId === textAt(body, "channel_id");
    if (!isSame) this.faults.push(`${id} came to channel ${channelId} and to ${textAt(body, "channel_id")}`);
    const post: Post = { sender: new URL(textAt(body, "resource_uri")).host, arrivedAt: Date.now(), answeredAt: null, end: "open" };
    posts.push(post);
    if (before !== undefined && before.end !== "failed") this.onRepeat({ notification, before, post });
    for (const notice of notices) this.arrived.push({ id, channelId, notice, isFirst: before === undefined });
    this.onArrival();
    await this.#answer(post, { request, response, number: Number(/\d+$/.exec(id)?.[0] ?? 0), isFirst: before === undefined });
  }

  async #answer(post: Post, { request, response, number, isFirst }: Asked): Promise<void> {
    const target = request.url ?? "";
    if (target.startsWith("/slow")) await wait(number % slowestMs);
    if (target.startsWith("/late")) await wait(number % latestMs);
    // Of a cluster each process has ids that leave one remainder, so that alone would choose by process.
    const lot = (number + Math.floor(number / 32)) % 8;
    // Nothing fails twice, for what is tried a third time waits for minutes.
    const isIll = (target.startsWith("/sick") || target.startsWith("/away")) && isFirst && Date.now() % illEveryMs < illMs;
    const fails = isIll || (target.startsWith("/flaky") && isFirst && lot < 2);
    post.end = fails ? "failed" : "good";
    post.answeredAt = Date.now();
    if (fails && (isIll ? target.startsWith("/away") : lot === 1)) return void request.socket.destroy();
    response.writeHead(fails ? 503 : 200, target.startsWith("/closing") ? { Connection: "close" } : {}).end(() => this.onAnswered());
  }
}

type Asked = {
  readonly request: http.IncomingMessage;
  readonly response: http.ServerResponse;
  readonly number: number;
  readonly isFirst: boolean;
};

function readNotification(id: string, body: unknown): Notification {
  assert.match(id, /^msg_\d+$/);
  const channelId = textAt(body, "channel_id");
  const operation = textAt(body, "operation") as Operation;
  const notices =
    operation === "update"
      ? listAt(body, "affected_values").map((row) => {
          return noticeOf(channelId, { operation, recordId: textAt(row, "record_id"), value: Number(at(row, "values", "Description")) });
        })
      : listAt(body, "ids").map((recordId) => {
          return noticeOf(channelId, { operation, recordId: String(recordId), value: operation === "insert" ? 0 : Infinity });
        });
  return { id, channelId, notices, posts: [] };
}

function noticeOf(channelId: string, change: { readonly operation: Operation; readonly recordId: string; readonly value: number }): Notice {
  return { key: noticeKey(channelId, change), recordId: change.recordId, rank: change.value };
}
