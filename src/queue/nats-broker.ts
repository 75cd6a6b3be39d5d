/**
 * NATS JetStream as a broker.
 *
 *   connecting ──► preparing (stream, consumers) ──► up ──(an answer that does not come)──► resting ──► up
 *        ▲              ▲                             │
 *        │              └──── the stream is gone ─────┤
 *        └──────────────── the connection is lost ────┘
 *
 * A connection that is lost the client makes anew by itself, for ever; then the stream is looked for again, for the server may have come back
 * with an empty disk.
 */
import {
  type Consumer,
  type ConsumerMessages,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
  jetstream,
  jetstreamManager,
} from "@nats-io/jetstream";
import { type NatsConnection, connect } from "@nats-io/transport-node";
import type { Clock } from "../core/clock.ts";
import { limits } from "../core/limits.ts";
import type { Events } from "../observe/events.ts";
import type { QueueMetrics } from "../observe/metrics/queue-metrics.ts";
import type { NatsAccess } from "./nats-access.ts";
import { type Broker, type BrokerListener, type BrokerMessage, MessageTooLarge, type NewMessage } from "./broker.ts";
import { connectionOptions, headerBytes } from "./nats-connection.ts";
import { type StreamPlan, countWaiting, prepareStream, subjectOf } from "./nats-stream.ts";

export type NatsBrokerOptions = {
  readonly access: NatsAccess;
  /** The name of the stream, and the first part of its subjects. */
  readonly streamName: string;
  readonly clock: Clock;
  readonly events: Pick<Events, "queueReady" | "queueLost" | "queueFaulted">;
  readonly metrics: Pick<QueueMetrics, "queueFailed" | "brokerTurned">;
};

export function natsBroker(options: NatsBrokerOptions): Broker {
  return new NatsBroker(options);
}

/** What there is once the stream is prepared. */
type Link = {
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  readonly consumers: readonly Consumer[];
};

class NatsBroker implements Broker {
  readonly #options: NatsBrokerOptions;
  readonly #plan: StreamPlan;
  readonly #closing = new AbortController();
  readonly #fetches = new Set<ConsumerMessages>();
  #listener: BrokerListener | null = null;
  #connection: NatsConnection | null = null;
  #link: Link | null = null;
  #work: Promise<void> | null = null;
  #isPreparing = false;
  #takers: Promise<unknown> | null = null;
  #isTaking = true;
  /** null: nothing was said of it yet. */
  #isLost: boolean | null = null;
  #restsUntil = 0;
  #wake = Promise.withResolvers<void>();

  constructor(options: NatsBrokerOptions) {
    this.#options = options;
    this.#plan = { name: options.streamName, replicas: options.access.replicas };
  }

  get isUp(): boolean {
    return this.#link !== null && this.#options.clock.now() >= this.#restsUntil;
  }

  open(listener: BrokerListener): void {
    this.#listener = listener;
    this.#work ??= this.#keepConnected();
  }

  startTaking(): void {
    const shards = Array.from({ length: limits.queueShards }, (_, shard) => shard);
    this.#takers ??= Promise.all(shards.map((shard) => this.#takeShard(shard)));
  }

  look(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }

  async publish({ shard, id, text }: NewMessage): Promise<void> {
    const link = this.#link;
    if (link === null) throw new Error("the broker is away");
    const bytesMax = this.#connection?.info?.max_payload ?? Infinity;
    if (Buffer.byteLength(text) + headerBytes > bytesMax) throw new MessageTooLarge(`the broker takes ${String(bytesMax)} bytes`);
    const send = async (): Promise<unknown> =>
      link.js.publish(subjectOf(this.#plan, shard), text, { msgID: id, timeout: limits.brokerAnswerMs, retries: 1 });
    try {
      // The broker knows the id: of two that it was sent it keeps one.
      await send().catch(send);
    } catch (error) {
      this.#rest(link);
      throw error;
    }
  }

  async countWaiting(): Promise<number> {
    const link = this.#link;
    if (link === null) throw new Error("the broker is away");
    try {
      return await countWaiting(link.jsm, this.#plan.name);
    } catch (error) {
      this.#rest(link);
      throw error;
    }
  }

  async stopTaking(): Promise<void> {
    this.#isTaking = false;
    this.#endFetches();
    this.look();
    await this.#takers;
  }

  async close(): Promise<void> {
    await this.stopTaking();
    this.#closing.abort();
    await this.#disconnect();
    await this.#work;
  }

  /** Lets go out what was said last, unless the servers are gone. */
  async #disconnect(): Promise<void> {
    const connection = this.#connection;
    if (connection === null || connection.isClosed()) return;
    const { clock } = this.#options;
    const inTime = new AbortController();
    const drained = connection.drain().finally(() => inTime.abort());
    // Expected: the connection broke meanwhile; or the sleep is cut short.
    await Promise.race([drained, clock.sleepUntil(clock.now() + limits.brokerAnswerMs, inTime.signal)]).catch(() => undefined);
    await connection.close();
  }

  get #isClosing(): boolean {
    return this.#closing.signal.aborted;
  }

  async #keepConnected(): Promise<void> {
    while (!this.#isClosing) {
      try {
        const connection = await connect(connectionOptions(this.#options.access));
        this.#connection = connection;
        if (this.#isClosing) await connection.close();
        // Expected: it is closed while one waits for its news.
        const watching = this.#watch(connection).catch(() => undefined);
        this.#prepare(connection);
        await connection.closed();
        await watching;
      } catch (error) {
        // Expected: no server answers, or it does not let us in. It is tried again for ever.
        this.#lose(error);
      }
      this.#unlink();
      await this.#pause(limits.brokerReconnectMs);
    }
  }

  async #watch(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === "disconnect") {
        this.#unlink();
        if (!this.#isClosing) this.#lose(new Error("the connection was lost"));
      } else if (status.type === "reconnect") {
        this.#prepare(connection);
      } else if (status.type === "error") {
        this.#lose(status.error);
      }
    }
  }

  /** Finds or makes the stream, however often that takes while the connection stands. */
  #prepare(connection: NatsConnection): void {
    if (this.#isPreparing) return;
    this.#isPreparing = true;
    void this.#prepareUntilDone(connection).finally(() => {
      this.#isPreparing = false;
      // Another connection that came meanwhile found this under way.
      if (this.#connection !== null && this.#connection !== connection) this.#prepare(this.#connection);
    });
  }

  async #prepareUntilDone(connection: NatsConnection): Promise<void> {
    const isOver = (): boolean => this.#isClosing || connection.isClosed() || this.#connection !== connection;
    while (this.#link === null && !isOver()) {
      try {
        const jsm = await jetstreamManager(connection, { timeout: limits.brokerRestMs });
        const { isMade, consumers } = await prepareStream(jsm, this.#plan);
        const js = jetstream(connection, { timeout: limits.brokerAnswerMs });
        this.#link = { js, jsm, consumers: consumers.map((info) => js.consumers.getConsumerFromInfo(info)) };
        // Not each time that a stream is found which was only looked for again.
        const isNews = this.#isLost !== false || isMade;
        if (isNews) this.#options.events.queueReady({ stream: this.#plan.name, replicas: this.#plan.replicas, isMade });
        this.#isLost = false;
        this.#turn();
        this.look();
      } catch (error) {
        // Expected: the servers of the cluster have not found each other yet, or JetStream is not enabled.
        this.#lose(error);
        await this.#pause(limits.brokerReconnectMs);
      }
    }
  }

  /** One shard's messages, pulled while they are wanted. */
  async #takeShard(shard: number): Promise<void> {
    while (this.#isTaking) {
      const link = this.#link;
      const wanted = this.#listener?.wanted(shard) ?? 0;
      if (link === null || wanted <= 0) {
        await this.#wake.promise;
        continue;
      }
      try {
        await this.#pull(shard, wanted, link);
      } catch (error) {
        // Expected: the connection or the stream is gone, or another server leads.
        this.#fault("pull", error);
        this.#loseStream(link);
        await this.#pause(limits.brokerReconnectMs);
      }
    }
  }

  async #pull(shard: number, wanted: number, { consumers }: Link): Promise<void> {
    const messages = await consumers[shard]?.fetch({ max_messages: wanted, expires: limits.brokerPullMs });
    if (messages === undefined) return;
    this.#fetches.add(messages);
    try {
      if (!this.#isTaking) void messages.close();
      for await (const message of messages) this.#listener?.onMessage(this.#messageOf(shard, message));
    } finally {
      this.#fetches.delete(messages);
    }
  }

  #endFetches(): void {
    for (const fetch of this.#fetches) void fetch.close();
  }

  /** It gave no good answer: it is left alone for a while. */
  #rest(link: Link): void {
    this.#restsUntil = this.#options.clock.now() + limits.brokerRestMs;
    this.#turn();
    void this.#wakeAfterRest();
    this.#loseStream(link);
  }

  /** The stream may be gone while the connection stands; whoever prepares finds out. */
  #loseStream(link: Link): void {
    if (this.#link !== link) return;
    this.#unlink();
    const connection = this.#connection;
    if (connection === null || connection.isClosed()) return;
    // A server that is just removing a stream and its consumers may give the new ones of those names no messages.
    void this.#pause(limits.brokerReconnectMs).then(() => this.#prepare(connection));
  }

  #unlink(): void {
    if (this.#link === null) return;
    this.#link = null;
    this.#endFetches();
    this.#turn();
  }

  /** Tells whether it can be used, which may have changed. */
  #turn(): void {
    this.#options.metrics.brokerTurned(this.isUp);
    this.#listener?.onTurned();
  }

  /** Tells of the first of a streak. */
  #lose(error: unknown): void {
    if (this.#isLost === true || this.#isClosing) return;
    this.#isLost = true;
    this.#options.events.queueLost({ error });
  }

  #fault(stage: "pull", error: unknown): void {
    if (this.#isClosing || this.#link === null) return;
    this.#options.metrics.queueFailed(stage);
    this.#options.events.queueFaulted({ stage, error });
  }

  async #wakeAfterRest(): Promise<void> {
    await this.#pause(limits.brokerRestMs);
    this.#turn();
  }

  #messageOf(shard: number, message: JsMsg): BrokerMessage {
    return {
      shard,
      text: message.string(),
      isRedelivered: message.redelivered,
      ack: () => {
        try {
          message.ack();
        } catch {
          // Expected: the connection is closed. It is handed out again, and the store says that nothing of it is open.
        }
      },
      working: () => this.#isWorkHeard(message),
    };
  }

  async #isWorkHeard(message: JsMsg): Promise<boolean> {
    const connection = this.#connection;
    // The client's own way to say it asks for no answer.
    const subject: unknown = Reflect.get(message, "reply");
    if (connection === null || typeof subject !== "string") return false;
    try {
      await connection.request(subject, progress, { timeout: limits.brokerAnswerMs });
      return true;
    } catch {
      // Expected: the connection is cut, or nobody has the consumer now.
      return false;
    }
  }

  async #pause(ms: number): Promise<void> {
    const { clock } = this.#options;
    // Expected: the pause is cut short when the broker is closed.
    await clock.sleepUntil(clock.now() + ms, this.#closing.signal).catch(() => undefined);
  }
}

/** What says that a message is worked on, in the protocol of JetStream. */
const progress = "+WPI";
