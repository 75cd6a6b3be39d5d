import { Counter, Gauge, type Registry } from "prom-client";

export type QueueMetrics = {
  /** A message with so many deliveries was stored by the broker. */
  batchPublished(deliveries: number): void;
  /** `publish`: the broker did not take a message; `pull`: it gave none; `read`: one was not ours. */
  queueFailed(stage: QueueStage): void;
  /** Deliveries of messages that were given back to the store, because nobody had room or their channel is not sent to. */
  deliveriesReturned(count: number): void;
  /** The broker can be used, or cannot any more. */
  brokerTurned(isUp: boolean): void;
  /** Deliveries whose claim was looked at in the store again. */
  claimsRenewed(count: number): void;
};

const queueStages = ["publish", "pull", "read"] as const;
export type QueueStage = (typeof queueStages)[number];

/** Counts nothing. */
export const noQueueMetrics: QueueMetrics = {
  brokerTurned: () => undefined,
  batchPublished: () => undefined,
  queueFailed: () => undefined,
  deliveriesReturned: () => undefined,
  claimsRenewed: () => undefined,
};

export function createQueueMetrics(registry: Registry): QueueMetrics {
  const registers = [registry];
  const counter = (name: string, help: string): Counter => new Counter({ name: `watchpost_queue_${name}_total`, help, registers });
  const messages = counter("messages", "Messages that the broker stored; a message holds a batch of deliveries.");
  const published = counter("deliveries", "Deliveries in those messages.");
  const returned = counter("returned", "Deliveries that were given back to the store because nobody had room for them.");
  const renewed = counter(
    "renewed",
    "Deliveries whose claim was looked at in the store again, because their message was old or came once more.",
  );
  const faults = new Counter({
    name: "watchpost_queue_faults_total",
    help: "Messages that the broker did not take, or did not give.",
    labelNames: ["stage"],
    registers,
  });
  const up = new Gauge({
    name: "watchpost_queue_up",
    help: "1 while deliveries go through the broker, 0 while the store hands out; without a broker 0.",
    registers,
  });
  for (const stage of queueStages) faults.inc({ stage }, 0);
  return {
    brokerTurned: (isUp) => up.set(Number(isUp)),
    batchPublished: (deliveries) => {
      messages.inc();
      published.inc(deliveries);
    },
    queueFailed: (stage) => faults.inc({ stage }),
    deliveriesReturned: (count) => returned.inc(count),
    claimsRenewed: (count) => renewed.inc(count),
  };
}
