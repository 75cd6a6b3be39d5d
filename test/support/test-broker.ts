/** The broker of the program over NATS servers of the tests. */
import { systemClock } from "../../src/config/system.ts";
import { silentEvents } from "../../src/observe/events.ts";
import { noQueueMetrics } from "../../src/observe/metrics/queue-metrics.ts";
import type { Broker } from "../../src/queue/broker.ts";
import { natsBroker } from "../../src/queue/nats-broker.ts";

export function brokerOn(url: string, streamName: string, replicas = 1): Broker {
  const access = { url, replicas, creds: null, ca: null, cert: null, key: null };
  return natsBroker({ access, streamName, clock: systemClock, events: silentEvents, metrics: noQueueMetrics });
}

/** Resolves when messages flow through the broker. */
export async function untilUp(broker: Broker): Promise<void> {
  while (!broker.isUp) await new Promise<void>((resolve) => void setImmediate(resolve));
}
