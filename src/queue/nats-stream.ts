/** The stream and its consumers, made or brought up to date: the broker may have lost them, or be new. */
import {
  AckPolicy,
  type ConsumerInfo,
  DiscardPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamInfo,
} from "@nats-io/jetstream";
import { nanos } from "@nats-io/transport-node";
import { limits } from "../core/limits.ts";

export type StreamPlan = { readonly name: string; readonly replicas: number };

export function subjectOf({ name }: StreamPlan, shard: number): string {
  return `${name}.${String(shard)}`;
}

/** `isMade`: it was not there. */
export async function prepareStream(
  jsm: JetStreamManager,
  plan: StreamPlan,
): Promise<{ readonly isMade: boolean; readonly consumers: readonly ConsumerInfo[] }> {
  const { name, replicas } = plan;
  const limited = {
    subjects: [`${name}.*`],
    num_replicas: replicas,
    max_bytes: limits.brokerBytesMax,
    duplicate_window: nanos(limits.brokerDedupMs),
    discard: DiscardPolicy.New,
  };
  const known = await findStream(jsm, name);
  if (known === null) await jsm.streams.add({ ...limited, name, retention: RetentionPolicy.Workqueue, storage: StorageType.File });
  else if (known.config.num_replicas !== replicas || known.config.max_bytes !== limited.max_bytes) await jsm.streams.update(name, limited);
  const shards = Array.from({ length: limits.queueShards }, (_, shard) => shard);
  const consumers = await Promise.all(
    shards.map((shard) =>
      jsm.consumers.add(name, {
        durable_name: `shard-${String(shard)}`,
        filter_subject: subjectOf(plan, shard),
        ack_policy: AckPolicy.Explicit,
        ack_wait: nanos(limits.ackWaitMs),
        max_ack_pending: limits.brokerUnackedMax,
        max_deliver: -1,
      }),
    ),
  );
  return { isMade: known === null, consumers };
}

async function findStream(jsm: JetStreamManager, name: string): Promise<StreamInfo | null> {
  try {
    return await jsm.streams.info(name);
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound) return null;
    throw error;
  }
}

/** Messages that no consumer has handed out. */
export async function countWaiting(jsm: JetStreamManager, name: string): Promise<number> {
  let count = 0;
  for await (const { num_pending: waiting } of jsm.consumers.list(name)) count += waiting;
  return count;
}
