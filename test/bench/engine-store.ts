/** The stores that the engine is measured over, as a part opens them; and who hands deliveries out. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Engine } from "../../src/app/commands.ts";
import { openEngine } from "../../src/app/engine.ts";
import { openPostgresEngine } from "../../src/app/open-postgres-engine.ts";
import { systemClock, systemRandom } from "../../src/config/system.ts";
import { type DispatchLimits, brokerLimits, sharedLimits } from "../../src/dispatch/dispatch-limits.ts";
import { silentEvents } from "../../src/observe/events.ts";
import { noQueueMetrics } from "../../src/observe/metrics/queue-metrics.ts";
import type { DeliveryQueue } from "../../src/queue/delivery-queue.ts";
import { jetStreamQueue } from "../../src/queue/jetstream-queue.ts";
import { natsBroker } from "../../src/queue/nats-broker.ts";
import { storeQueue } from "../../src/queue/store-queue.ts";

/** A file in a folder, or a database that others may share; with a broker in front of it, or (null) without. */
export type StoreOrder =
  | { readonly kind: "embedded"; readonly folder: string }
  | { readonly kind: "shared"; readonly url: string; readonly nats: NatsOrder | null };

/** On how many servers messages are kept: on all of them, here. */
export type NatsOrder = { readonly url: string; readonly replicas: number };

export type OpenedStore = { readonly engine: Engine; readonly queue: DeliveryQueue; readonly limits: Partial<DispatchLimits> };

export const targetPolicy = { allowedCidrs: ["127.0.0.0/8"] };

const clock = systemClock;

export async function openStore(order: StoreOrder): Promise<OpenedStore> {
  if (order.kind === "embedded") {
    const engine = await openEngine({ dataFolder: order.folder, clock, targetPolicy });
    return { engine, queue: storeQueue(engine), limits: {} };
  }
  const own = { clock, realClock: clock, random: systemRandom, stopwatch: () => performance.now(), targetPolicy };
  const engine = await openPostgresEngine(order.url, own);
  const queue = order.nats === null ? storeQueue(engine) : await overJetStream(engine, order.nats);
  return { engine, queue, limits: order.nats === null ? sharedLimits : brokerLimits };
}

async function overJetStream(engine: Engine, nats: NatsOrder): Promise<DeliveryQueue> {
  const access = { ...nats, creds: null, ca: null, cert: null, key: null };
  const streamName = `watchpost-${await engine.run("dispatch.queueName", {})}`;
  const broker = natsBroker({ access, streamName, clock, events: silentEvents, metrics: noQueueMetrics });
  const queue = jetStreamQueue({ engine, broker, clock, events: silentEvents });
  while (!broker.isUp) await sleep(1);
  return queue;
}
