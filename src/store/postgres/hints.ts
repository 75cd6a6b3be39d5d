/**
 * Hints over NOTIFY, on a connection of its own: inside the writers' transactions it would make their commits wait for each other. A connection that
 * is lost is made anew; whoever listened hears every topic once then, for it may have missed some.
 */
import { Client } from "pg";
import type { Clock } from "../../core/clock.ts";
import { limits } from "../../core/limits.ts";
import type { HintWire, WireTopic } from "../hint-wire.ts";
import { partInTime } from "./farewell.ts";

const topics: readonly WireTopic[] = ["delivery", "due", "notice", "replay"];
const channelOf = (topic: WireTopic): string => `watchpost_${topic}`;
const textChannel = "watchpost_news";

const tellText = "select pg_notify($1, text) from unnest($2::text[]) as t (text)";

/** Begins to connect; hints flow once it has. */
export function openHintWire(url: string, clock: Clock): HintWire {
  return new PostgresHints(url, clock);
}

class PostgresHints implements HintWire {
  readonly #url: string;
  readonly #clock: Clock;
  readonly #closing = new AbortController();
  readonly #listeners = new Set<(topic: WireTopic) => void>();
  readonly #textListeners = new Set<(text: string) => void>();
  readonly #toSend = new Set<WireTopic>();
  #texts: string[] = [];
  readonly #work: Promise<void>;
  #client: Client | null = null;
  #isSending = false;

  constructor(url: string, clock: Clock) {
    this.#url = url;
    this.#clock = clock;
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
    await this.#part();
    await this.#work;
  }

  /** The farewell waits for the other end, which may be gone without a word: so it is asked first. */
  async #part(): Promise<void> {
    const client = this.#client;
    if (client === null) return;
    // Expected: it is gone, and its connection is ended by that.
    await this.#ask(client, "").then(
      () => client.end(),
      () => undefined,
    );
  }

  async #keepListening(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await this.#listen();
      await this.#clock.sleepUntil(this.#clock.now() + limits.hintReconnectMs, signal).catch(() => undefined);
    }
  }

  /** Resolves when the connection has ended. */
  async #listen(): Promise<void> {
    const client = new Client({
      connectionString: this.#url,
      application_name: "watchpost hints",
      keepAlive: true,
      connectionTimeoutMillis: limits.databaseConnectMs,
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
    void this.#tryUntilEnded(client);
    await ended;
    this.#client = null;
  }

  /** A connection whose other end is gone without a word stays silent for ever, as one does on which nobody tells anything: so it is tried. */
  async #tryUntilEnded(client: Client): Promise<void> {
    const { signal } = this.#closing;
    while (this.#client === client && !signal.aborted) {
      // Expected: the connection was lost, or the sleep is cut short at the end.
      await this.#ask(client, "").catch(() => undefined);
      await this.#clock.sleepUntil(this.#clock.now() + limits.hintTryMs, signal).catch(() => undefined);
    }
  }

  /** Rejects when the statement failed; a connection that does not answer in time is ended. */
  async #ask(client: Client, text: string, values: readonly unknown[] = []): Promise<void> {
    const answered = new AbortController();
    const late = this.#clock.sleepUntil(this.#clock.now() + limits.hintAnswerMs, answered.signal).then(() => {
      // Nobody waits for its farewell, which would come from the other end.
      void client.end().catch(() => undefined);
      throw new Error("the connection for hints does not answer");
    });
    try {
      await Promise.race([client.query(text, [...values]), late]);
    } finally {
      answered.abort();
    }
  }

  async #sendAll(): Promise<void> {
    const client = this.#client;
    if (this.#isSending || client === null) return;
    this.#isSending = true;
    const [...sent] = this.#toSend;
    const texts = this.#texts;
    this.#toSend.clear();
    this.#texts = [];
    try {
      if (sent.length > 0) await this.#ask(client, sent.map((topic) => `notify ${channelOf(topic)}`).join("; "));
      if (texts.length > 0) await this.#ask(client, tellText, [textChannel, texts]);
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
