/**
 * The targets of the crash test. Each POST is written down as it arrives. `/good` answers at once, `/slow` after a while, `/flaky` fails the
 * first time for every other notification: with 503, or by closing the connection.
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

/** One notification and all its POSTs. `failed`: the last one was answered so that the sender has to come again. */
export type Notification = {
  readonly id: string;
  readonly channelId: string;
  readonly notices: readonly Notice[];
  posts: number;
  last: "open" | "good" | "failed";
};

const slowestMs = 200;

export class CrashReceiver {
  readonly #server: http.Server;
  readonly #sockets = new Set<Socket>();
  readonly notifications = new Map<string, Notification>();
  /** The notices of every POST, in the order of their arrival. */
  readonly arrived: { readonly channelId: string; readonly notice: Notice }[] = [];
  /** Sent and not settled when the last kill came: they may come once more. */
  #inQuestion = new Set<string>();
  duplicatesSinceKill = 0;
  readonly faults: string[] = [];
  onArrival: () => void = () => undefined;
  onAnswered: () => void = () => undefined;

  private constructor() {
    this.#server = http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => void this.#take(request, response, Buffer.concat(chunks).toString("utf8")).catch(this.#fail));
    });
    this.#server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
  }

  static async start(): Promise<CrashReceiver> {
    const receiver = new CrashReceiver();
    receiver.#server.listen(0, "127.0.0.1");
    await once(receiver.#server, "listening");
    return receiver;
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}`;
  }

  /** A fresh data folder: nothing of the one before counts any more. */
  forget(): void {
    this.notifications.clear();
    this.arrived.length = 0;
    this.#inQuestion = new Set();
  }

  /** The sender is dead: what its connections still hold is taken first, and they end. */
  async partFromSender(): Promise<void> {
    await wait(10);
    for (const socket of this.#sockets) socket.destroy();
  }

  /** The sender was killed while these ids were not settled. Gives how many of them had been sent. */
  noteKill(unsettled: ReadonlySet<string>): number {
    this.duplicatesSinceKill = 0;
    this.#inQuestion = new Set([...unsettled].filter((id) => (this.notifications.get(id)?.last ?? "failed") !== "failed"));
    return this.#inQuestion.size;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  readonly #fail = (error: unknown): void => {
    this.faults.push(error instanceof Error ? error.message : String(error));
  };

  async #take(request: http.IncomingMessage, response: http.ServerResponse, text: string): Promise<void> {
    const id = String(request.headers["webhook-id"]);
    const notification = this.notifications.get(id) ?? readNotification(id, JSON.parse(text));
    this.notifications.set(id, notification);
    if (notification.posts > 0 && notification.last !== "failed") {
      this.duplicatesSinceKill += 1;
      if (!this.#inQuestion.delete(id)) this.faults.push(`${id} came again, and was not in flight at any kill since it came last`);
    }
    notification.posts += 1;
    notification.last = "open";
    for (const notice of notification.notices) this.arrived.push({ channelId: notification.channelId, notice });
    this.onArrival();
    const target = request.url ?? "";
    const number = Number(/\d+$/.exec(id)?.[0] ?? 0);
    if (target.startsWith("/slow")) await wait(number % slowestMs);
    const fails = target.startsWith("/flaky") && notification.posts === 1 && number % 4 < 2;
    notification.last = fails ? "failed" : "good";
    if (fails && number % 4 === 1) return void request.socket.destroy();
    response.writeHead(fails ? 503 : 200).end(() => this.onAnswered());
  }
}

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
  return { id, channelId, notices, posts: 0, last: "open" };
}

function noticeOf(channelId: string, change: { readonly operation: Operation; readonly recordId: string; readonly value: number }): Notice {
  return { key: noticeKey(channelId, change), recordId: change.recordId, rank: change.value };
}
