/**
 * Dispatch processes over one database, as people run them (`serve --role dispatch`), and backlogs that they drain: committed beforehand, while the
 * channels are paused, and begun by all of them at the instant of one commit that resumes these.
 */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { ChannelAct, Engine } from "../../src/app/commands.ts";
import { openPostgresEngine } from "../../src/app/open-postgres-engine.ts";
import { systemClock, systemRandom } from "../../src/config/system.ts";
import { openPostgresStore } from "../../src/store/postgres/open.ts";
import { type PostgresServer, query } from "../support/postgres.ts";
import type { WatchpostProcess } from "../support/process.ts";
import { acme, seedOf } from "../support/seeds.ts";
import { startDispatchers } from "./apart.ts";
import { targetPolicy } from "./engine-store.ts";
import { deliveryOf } from "./filling.ts";
import { benchOrg } from "./org.ts";
import type { Part } from "./part.ts";
import type { ReceiverActs } from "./parts/receiver.ts";
import { perSecond } from "./ceilings.ts";
import type { Session } from "./session.ts";
import { type Costs, costsBetween, countingDatabase, readTotals } from "./shared-store.ts";

/** Channels, spread over hosts. */
export type Crowd = { readonly channels: number; readonly hosts: number };

type Channel = { readonly key: number; readonly channelId: string };

type Parts = {
  readonly session: Session;
  readonly server: PostgresServer;
  readonly url: string;
  /** Steers the channels. */
  readonly engine: Engine;
  readonly nodes: readonly WatchpostProcess[];
  readonly receiver: Part<ReceiverActs>;
  readonly channels: ReadonlyMap<Crowd, readonly Channel[]>;
};

export type Drained = { readonly perSecond: number; readonly costs: Costs };

const rowsPerTransaction = 2_000;

export class Drain {
  readonly #parts: Parts;
  #filled = 0;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** So many processes over a new database with these crowds of channels. */
  static async open(
    session: Session,
    stack: AsyncDisposableStack,
    order: {
      readonly server: PostgresServer;
      readonly receiver: Part<ReceiverActs>;
      readonly processes: number;
      readonly crowds: readonly Crowd[];
    },
  ): Promise<Drain> {
    const { server, receiver, processes, crowds } = order;
    const url = await countingDatabase(server);
    const own = { clock: systemClock, realClock: systemClock, random: systemRandom, stopwatch: () => performance.now(), targetPolicy };
    const engine = await openPostgresEngine(url, own);
    stack.defer(() => engine.close());
    const channels = await subscribe(engine, { receiver, crowds });
    const nodes = await startDispatchers(stack, { url, nats: null, count: processes });
    return new Drain({ session, server, url, engine, nodes, receiver, channels });
  }

  /** Deliveries a second, from the resumption to the last that arrived; and what each cost. */
  async run(crowd: Crowd, deliveries: number): Promise<Drained> {
    const { session, server, url, nodes, receiver } = this.#parts;
    const before = await receiver.ask("count");
    await this.#steer(crowd, { kind: "pause" });
    await this.#fill(crowd, deliveries);
    const read = () =>
      readTotals(
        { database: server, url, broker: null },
        nodes.map(({ pid }) => pid),
      );
    const totals = await read();
    const startedMs = performance.now();
    await this.#steer(crowd, { kind: "resume" });
    let received = 0;
    for (; received < deliveries; received = (await receiver.ask("count")) - before) await sleep(1);
    const tookMs = performance.now() - startedMs;
    const isOpen = async (): Promise<boolean> => (await query(url, "select 1 from deliveries where due_at is not null limit 1")).length > 0;
    while (await isOpen()) await sleep(5);
    session.noteDeliveries({ owed: deliveries, received: (await receiver.ask("count")) - before, settled: deliveries });
    return { perSecond: perSecond(deliveries, tookMs), costs: costsBetween(totals, await read(), deliveries) };
  }

  /** All channels of the crowd in one commit. */
  async #steer(crowd: Crowd, act: ChannelAct): Promise<void> {
    const { engine, channels } = this.#parts;
    const steering = (channels.get(crowd) ?? []).map(({ key }) => engine.run("operate.steerChannel", { channelKey: key, act }));
    for (const steered of await Promise.all(steering)) assert.ok(steered.ok);
  }

  async #fill(crowd: Crowd, deliveries: number): Promise<void> {
    const channels = this.#parts.channels.get(crowd) ?? [];
    const store = await openPostgresStore({ url: this.#parts.url });
    // As it would have come: one after another, the last one just now.
    const firstAt = Date.now() - deliveries;
    for (let from = 0; from < deliveries; from += rowsPerTransaction) {
      await store.transaction(async (tx) => {
        for (let index = from; index < Math.min(deliveries, from + rowsPerTransaction); index += 1) {
          const channel = channels[index % channels.length] ?? assert.fail("the crowd is none of these");
          await tx.deliveries.insert(deliveryOf(channel, (this.#filled += 1), firstAt + index));
        }
      });
    }
    await store.close();
  }
}

async function subscribe(
  engine: Engine,
  { receiver, crowds }: { readonly receiver: Part<ReceiverActs>; readonly crowds: readonly Crowd[] },
): Promise<ReadonlyMap<Crowd, readonly Channel[]>> {
  const applied = await engine.run("seed.apply", { seed: seedOf(acme) });
  assert.ok(applied.ok);
  const channels = new Map<Crowd, readonly Channel[]>();
  let channelId = 1_000;
  for (const crowd of crowds) {
    const ports: number[] = [];
    for (let host = 0; host < crowd.hosts; host += 1) ports.push(await receiver.ask("listen"));
    const ids = Array.from({ length: crowd.channels }, () => String((channelId += 1)));
    const items = ids.map((id, index) => ({
      channel_id: id,
      events: ["Leads.edit"],
      notify_url: `http://127.0.0.1:${ports[index % ports.length] ?? 0}/`,
    }));
    const done = await engine.run("watch.write", { caller: benchOrg, version: "v6", mode: "enable", items });
    assert.ok(
      done.every((item) => item.ok),
      JSON.stringify(done),
    );
    const { channels: views } = await engine.run("operate.channels", { afterKey: null, limit: 100 });
    const keyOf = new Map(views.map(({ key, channelId: id }) => [id, key]));
    channels.set(
      crowd,
      ids.map((id) => ({ channelId: id, key: keyOf.get(id) ?? 0 })),
    );
  }
  return channels;
}
