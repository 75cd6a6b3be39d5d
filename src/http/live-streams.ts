/**
 * The streams of server-sent events: each client that looks on hears of attempts and commits within a moment, and of how all stands every
 * few seconds. Their number is bounded, what many events at once would send is cut, and a client that does not read is dropped: whoever
 * misses something asks the lists, which have all of it. They run on real time, while the clock of `dev` may jump.
 */
import type { ServerResponse } from "node:http";
import type { Clock } from "../core/clock.ts";
import { limits } from "../core/limits.ts";
import type { Feed, FeedAttempt } from "../observe/feed.ts";
import type { Stats } from "./stats.ts";

export type LiveStreamsOptions = {
  readonly feed: Pick<Feed, "listen">;
  readonly realClock: Clock;
  readonly stats: (stepMs: number) => Promise<Stats>;
};

type Client = {
  readonly response: ServerResponse;
  /** null: it showed an admin token. */
  readonly sessionId: string | null;
  readonly stepMs: number;
  readonly since: number;
};

export class LiveStreams {
  readonly #options: LiveStreamsOptions;
  readonly #clients = new Set<Client>();
  #deliveries: string[] = [];
  #hasHint = false;
  #isFlushPlanned = false;
  #isClosed = false;
  /** While somebody looks on. */
  #running: { readonly over: AbortController; readonly leave: () => void } | null = null;

  constructor(options: LiveStreamsOptions) {
    this.#options = options;
  }

  get isFull(): boolean {
    return this.#clients.size >= limits.streamClientsMax || this.#isClosed;
  }

  /** Takes over a response whose head is written. */
  add(response: ServerResponse, { sessionId, stepMs }: Pick<Client, "sessionId" | "stepMs">): void {
    if (this.isFull) {
      response.end();
      return;
    }
    const client = { response, sessionId, stepMs, since: this.#options.realClock.now() };
    this.#clients.add(client);
    response.on("close", () => this.#remove(client));
    // The end of a connection is no error of ours; without a listener it would be thrown.
    response.on("error", () => this.#remove(client));
    this.#send(client, "retry: 2000\n\n");
    void this.#sendStats([client]);
    this.#start();
  }

  /** Ends the streams of a session that was signed out. */
  endSession(sessionId: string): void {
    for (const client of this.#clients) if (client.sessionId === sessionId) this.#end(client);
  }

  /** Ends them all, and takes no more. */
  close(): void {
    this.#isClosed = true;
    for (const client of this.#clients) this.#end(client);
  }

  #start(): void {
    if (this.#running !== null) return;
    const over = new AbortController();
    const leave = this.#options.feed.listen({
      onAttempt: (event) => {
        if (this.#deliveries.length < limits.streamEventsPerFlushMax) this.#deliveries.push(deliveryText(event));
        this.#planFlush();
      },
      onHint: () => {
        this.#hasHint = true;
        this.#planFlush();
      },
    });
    this.#running = { over, leave };
    void this.#every(limits.streamStatsMs, over.signal, () => this.#sendStats([...this.#clients]));
    void this.#every(limits.streamHeartbeatMs, over.signal, () => this.#beat());
  }

  /** Runs `work` again and again until aborted. Never rejects. */
  async #every(pauseMs: number, signal: AbortSignal, work: () => Promise<void> | void): Promise<void> {
    const { realClock } = this.#options;
    while (!signal.aborted) {
      // Expected: the sleep is cut short when the last client leaves.
      await realClock.sleepUntil(realClock.now() + pauseMs, signal).catch(() => undefined);
      if (!signal.aborted) await work();
    }
  }

  #beat(): void {
    const now = this.#options.realClock.now();
    for (const client of this.#clients) {
      if (now - client.since >= limits.streamMsMax) this.#end(client);
      else this.#send(client, ": beat\n\n");
    }
  }

  async #sendStats(clients: readonly Client[]): Promise<void> {
    for (const client of clients) {
      const stats = await this.#options.stats(client.stepMs);
      if (this.#clients.has(client)) this.#send(client, eventText("stats", stats));
    }
  }

  #planFlush(): void {
    if (this.#isFlushPlanned || this.#running === null) return;
    this.#isFlushPlanned = true;
    const { realClock } = this.#options;
    const flush = (): void => {
      this.#isFlushPlanned = false;
      const text = `${this.#deliveries.join("")}${this.#hasHint ? eventText("hint", {}) : ""}`;
      this.#deliveries = [];
      this.#hasHint = false;
      for (const client of this.#clients) this.#send(client, text);
    };
    // Expected: the sleep is cut short when the last client leaves.
    realClock.sleepUntil(realClock.now() + limits.streamFlushMs, this.#running.over.signal).then(flush, flush);
  }

  #send({ response }: Client, text: string): void {
    if (text === "" || response.destroyed || response.writableEnded) return;
    response.write(text);
    if (response.writableLength > limits.streamBytesWaitingMax) response.destroy();
  }

  #end(client: Client): void {
    client.response.end();
    this.#remove(client);
  }

  #remove(client: Client): void {
    if (!this.#clients.delete(client) || this.#clients.size > 0) return;
    this.#running?.over.abort();
    this.#running?.leave();
    this.#running = null;
  }
}

function deliveryText(event: FeedAttempt): string {
  return eventText("delivery", {
    id: event.deliveryId,
    channel_key: event.channelKey,
    channel_id: event.channelId,
    module: event.module,
    operation: event.operation,
    outcome: event.outcome,
    http_status: event.httpStatus,
    attempt: event.attempt,
    duration_ms: event.durationMs,
    at: new Date(event.at).toISOString(),
  });
}

/** JSON has no line break of its own, so one line of data is enough. */
function eventText(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
