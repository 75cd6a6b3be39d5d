/** One sitting of the bench: how much is measured, the receiver that all share, and what figures tell each other. */
import assert from "node:assert/strict";
import { Part } from "./part.ts";
import type { ReceiverActs } from "./parts/receiver.ts";
import type { Scale } from "./scale.ts";

export type Deliveries = { owed: number; received: number; settled: number };

export class Session implements AsyncDisposable {
  readonly scale: Scale;
  readonly receiver: Part<ReceiverActs>;
  /** The receiver's origin. */
  readonly receiverUrl: string;
  /** Over all runs: what was owed, what the receiver had got, and what the stores had settled. */
  readonly deliveries: Deliveries = { owed: 0, received: 0, settled: 0 };
  /** Edits a second that the whole way took at fan-out 1, once it was measured. */
  wholeWayPerSecond: number | null = null;
  readonly #say: (line: string) => void;

  private constructor({ scale, receiver, receiverUrl, say }: Pick<Session, "scale" | "receiver" | "receiverUrl" | "say">) {
    this.scale = scale;
    this.receiver = receiver;
    this.receiverUrl = receiverUrl;
    this.#say = say;
  }

  static async open(scale: Scale, say: (line: string) => void): Promise<Session> {
    const receiver = new Part<ReceiverActs>("./parts/receiver.ts");
    const port = await receiver.ask("listen");
    return new Session({ scale, receiver, receiverUrl: `http://127.0.0.1:${port}`, say });
  }

  /** Tells whoever waits how far it is. */
  say(line: string): void {
    this.#say(line);
  }

  received(): Promise<number> {
    return this.receiver.ask("count");
  }

  /** Notes what a run came to; the receiver got all that was owed, and the store settled it, or the figure means nothing. */
  noteDeliveries({ owed, received, settled }: Deliveries): void {
    assert.ok(received >= owed, `of ${owed} deliveries ${received} arrived`);
    assert.ok(settled >= owed, `of ${owed} deliveries ${settled} were settled`);
    this.deliveries.owed += owed;
    this.deliveries.received += received;
    this.deliveries.settled += settled;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.receiver[Symbol.asyncDispose]();
  }
}

export type Contender = {
  readonly name: string;
  /** One run of so long; gives its value. */
  readonly run: (forMs: number) => Promise<number>;
};

/** Lets the contenders take turns: each once to warm up, then all of them once a round. Gives the values of each, a round each. */
export async function alternate(session: Session, contenders: readonly Contender[]): Promise<ReadonlyMap<string, readonly number[]>> {
  const { rounds, runMs, warmUpMs } = session.scale;
  for (const { run } of contenders) await run(warmUpMs);
  const values = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, run } of contenders) {
      const value = await run(runMs);
      values.get(name)?.push(value);
      session.say(`round ${round + 1}: ${name} ${Math.round(value)}`);
    }
  }
  return values;
}

/** Of each round, one's value by the other's. */
export function ratiosOf(one: readonly number[], other: readonly number[]): readonly number[] {
  return one.map((value, round) => value / (other[round] ?? Number.NaN));
}
