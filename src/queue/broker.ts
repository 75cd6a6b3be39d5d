/** What the queue asks of a broker: to keep messages for one of many, each until it is acknowledged. It may lose all of them at any time. */

/** A message that was handed to this process. */
export type BrokerMessage = {
  readonly shard: number;
  readonly text: string;
  /** Whether it may have been handed to somebody before. */
  readonly isRedelivered: boolean;
  ack(): void;
  /** Says that it is still being worked on; whether the broker has heard it. */
  working(): Promise<boolean>;
};

/** The broker takes no message of this size from anybody. */
export class MessageTooLarge extends Error {
  override readonly name = "MessageTooLarge";
}

/** `id`: the broker takes one message of it. */
export type NewMessage = { readonly shard: number; readonly id: string; readonly text: string };

export type BrokerListener = {
  /** How many more messages of a shard are wanted now; asked again after `look`. */
  wanted(shard: number): number;
  onMessage(message: BrokerMessage): void;
  /** It can be used again, or cannot any more. */
  onTurned(): void;
};

export type Broker = {
  /** Whether messages flow, as far as is known. */
  readonly isUp: boolean;
  /** Begins to connect, and does so for ever. */
  open(listener: BrokerListener): void;
  /** Begins to take messages. Twice is fine. */
  startTaking(): void;
  /** Looks again how many messages are wanted. */
  look(): void;
  /** Resolves when the broker has stored it; rejects when it is not known to have, with `MessageTooLarge` where it never will. */
  publish(message: NewMessage): Promise<void>;
  /** Messages that nobody was handed yet. Rejects when the broker does not say. */
  countWaiting(): Promise<number>;
  /** Takes no more messages. Twice is fine. */
  stopTaking(): Promise<void>;
  /** Twice is fine. */
  close(): Promise<void>;
};
