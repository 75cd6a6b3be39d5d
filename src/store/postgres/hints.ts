/**
 * Hints over NOTIFY, on a connection of its own: inside the writers' transactions it would make their commits wait for each other. A connection that
 * is lost, or that does not answer, is made anew; whoever listened hears every topic once then, for it may have missed some.
 */
import { Client } from "pg";
import type { Clock } from "../../core/clock.ts";
import { limits } from "../../core/limits.ts";
import type { HintWire, WireTopic } from "../hint-wire.ts";
import { partInTime } from "./farewell.ts";

const topics: readonly WireTopic[] = ["due", "notice", "replay"];
const channelOf = (topic: WireTopic): string => `watchpost_${topic}`;
const textChannel = "watchpost_news";

const tellText = "select pg_notify($1, text) from unnest($2::text[]) as t (text)";

/** Begins to connect; hints flow once it has. */
export function openHintWire(url: string, clock: Clock, times: Times = limits): HintWire {
  return new PostgresHints(url, clock, times);
}

type Times = Readonly<Record<"hintReconnectMs" | "hintAskMs" | "hintAnswerMs", number>>;

class PostgresHints implements HintWire {
  readonly #url: string;
  readonly #clock: Clock;
  readonly #times: Times;
  readonly #closing = new AbortController();
  readonly #listeners = new Set<(topic: WireTopic) => void>();
  readonly #textListeners = new Set<(text: string) => void>();
  readonly #toSend = new Set<WireTopic>();
  #texts: string[] = [];
  readonly #work: Promise<void>;
  #client: Client | null = null;
  #isSending = false;

  constructor(url: string, clock: Clock, times: Times) {
    this.#url = url;
    this.#clock = clock;
    this.#times = times;
    this.#work = this.#keepListening();
  }

  send(topic: WireTopic): void {
    this.#toSend.add(topic);
    void this.#sendAll();
  }

  onHint(listener: (topic: WireTopic) => void): void {
    this.#listeners.add(listener);
  }

  publish(text: string): void {
    if (this.#texts.length >= limits.newsPerPauseMax) this.#texts.shift();
    this.#texts.push(text);
    void this.#sendAll();
  }

  onText(listener: (text: string) => void): void {
    this.#textListeners.add(listener);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#client?.end();
    await this.#work;
  }

  async #keepListening(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await this.#listen();
      await this.#clock.sleepUntil(this.#clock.now() + this.#times.hintReconnectMs, signal).catch(() => undefined);
    }
  }

  /** Resolves when the connection has ended. */
  async #listen(): Promise<void> {
    const client = new Client({
      connectionString: this.#url,
      application_name: "watchpost hints",
      keepAlive: true,
      connectionTimeoutMillis: limits.databaseConnectMs,
      // The driver ends a connection on which this passes without an answer.
      pipeline: true,
      query_timeout: this.#times.hintAnswerMs,
    });
    const ended = new Promise<void>((resolve) => client.once("end", resolve));
    // The end of the connection tells; whatever the reason, the next one is tried.
    client.on("error", () => undefined);
    client.on("notification", ({ channel, processId, payload = "" }) => {
      if (processId === ownProcessId(client)) return;
      const topic = topics.find((each) => channelOf(each) === channel);
      if (topic !== undefined) this.#ring(topic);
      if (channel === textChannel) for (const listener of this.#textListeners) listener(payload);
    });
    try {
      await client.connect();
      await client.query([...topics.map(channelOf), textChannel].map((channel) => `listen ${channel}`).join("; "));
    } catch {
      // Expected: the server is away, or was lost; it is tried again.
      await client.end().catch(() => undefined);
      return;
    }
    this.#client = client;
    partInTime(client);
    if (this.#closing.signal.aborted) await client.end();
    for (const topic of topics) this.#ring(topic);
    // What was to be told while there was no connection.
    void this.#sendAll();
    void this.#askUntilEnded(client);
    await ended;
    this.#client = null;
  }

  /** Of a connection that leads nowhere only silence tells, and who waits for hints hears the same when there are none. */
  async #askUntilEnded(client: Client): Promise<void> {
    const { signal } = this.#closing;
    try {
      for (;;) {
        await this.#clock.sleepUntil(this.#clock.now() + this.#times.hintAskMs, signal);
        await client.query("select 1");
      }
    } catch {
      // Expected: the connection has ended, or is being closed.
    }
  }

  async #sendAll(): Promise<void> {
    if (this.#isSending || this.#client === null) return;
    this.#isSending = true;
    const [...sent] = this.#toSend;
    const texts = this.#texts;
    this.#toSend.clear();
    this.#texts = [];
    try {
      if (sent.length > 0) await this.#client.query(sent.map((topic) => `notify ${channelOf(topic)}`).join("; "));
      if (texts.length > 0) await this.#client.query(tellText, [textChannel, texts]);
    } catch {
      // Expected: the connection was lost. They are told over the next one, for whoever sleeps until it is told would sleep on.
      for (const topic of sent) this.#toSend.add(topic);
      this.#isSending = false;
      return;
    }
    this.#isSending = false;
    if (this.#toSend.size > 0 || this.#texts.length > 0) await this.#sendAll();
  }

  #ring(topic: WireTopic): void {
    for (const listener of this.#listeners) listener(topic);
  }
}

/** The server's process behind the connection; the driver knows it, its types do not. */
function ownProcessId(client: Client): unknown {
  return Reflect.get(client, "processID");
}
