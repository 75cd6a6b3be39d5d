/**
 * Looks at the servers of NATS as an operator would before anything is handed out through them: each server that is named, and what it lets the
 * user do. Nothing is made there, each step is bounded, and no word of it holds a secret.
 */
import { connect as dial } from "node:net";
import { jetstreamManager } from "@nats-io/jetstream";
import { type NatsConnection, NoRespondersError, TimeoutError, connect } from "@nats-io/transport-node";
import { limits } from "../core/limits.ts";
import { natsServers } from "../core/nats-url.ts";
import { type Result, ok, refuse } from "../core/result.ts";
import type { NatsAccess } from "./nats-access.ts";
import { connectionOptions, headerBytes } from "./nats-connection.ts";

export type BrokerServer = {
  readonly id: string;
  readonly version: string;
  readonly isTooOld: boolean;
  /** null: it is alone. */
  readonly cluster: string | null;
  /** Servers of the cluster that it tells clients of, itself among them; 0: it tells of none. */
  readonly told: number;
  readonly payloadBytesMax: number;
};

/** JetStream, as the user's account has it. */
export type BrokerAccount = {
  /** What it may keep on disks, all copies together; null: as much as there is room for. */
  readonly storageBytesMax: number | null;
};

/** The errors are words for people. */
export type BrokerExam = {
  /** By host and port, as the URL names them. */
  readonly servers: readonly { readonly place: string; readonly server: Result<BrokerServer, string> }[];
  /** null: no server could be asked. */
  readonly account: Result<BrokerAccount, string> | null;
};

/** What the stream and its messages take. */
export const brokerNeeds = {
  /** Every copy. */
  storageBytes: limits.brokerBytesMax,
  /** A message of the longest text, if each of its UTF-16 units takes three bytes. */
  payloadBytes: limits.batchTextMax * 3 + headerBytes,
} as const;

/** The oldest that is tested. */
const versionMin = [2, 9] as const;

export async function examineBroker(access: NatsAccess): Promise<BrokerExam> {
  const { places } = natsServers(access.url);
  const opened = await Promise.all(places.map(async (place) => ({ place, connection: await open(access, place) })));
  const connections = opened.flatMap(({ connection }) => (connection.ok ? [connection.value] : []));
  try {
    const [first] = connections;
    return {
      servers: opened.map(({ place, connection }) => ({ place, server: connection.ok ? ok(serverOf(connection.value)) : connection })),
      account: first === undefined ? null : await accountOf(first, access.replicas),
    };
  } finally {
    await Promise.all(connections.map((connection) => connection.close()));
  }
}

async function open(access: NatsAccess, place: string): Promise<Result<NatsConnection, string>> {
  try {
    await hearServer(place);
    return ok(await connect({ ...connectionOptions(access), servers: [place], reconnect: false, ignoreClusterUpdates: true }));
  } catch (error) {
    // Expected: nothing listens there, it does not answer, or it does not let us in.
    return refuse(reasonOf(error));
  }
}

/**
 * A server of NATS speaks first. Of one that says nothing the client lets go by itself but keeps the socket, and with it the process: so it is asked
 * for a connection only where a server is heard.
 */
async function hearServer(place: string): Promise<void> {
  const { hostname, port } = new URL(`nats://${place}`);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = dial({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port), timeout: limits.brokerRestMs });
  socket.once("timeout", () => reject(new Error("no NATS server answers in time")));
  socket.once("data", (data) => resolve(data.toString("latin1")));
  socket.once("error", reject).once("close", () => reject(new Error("it closes the connection")));
  try {
    if (!(await promise).startsWith("INFO ")) throw new Error("what answers is no NATS server");
  } finally {
    socket.destroy();
  }
}

function serverOf({ info }: NatsConnection): BrokerServer {
  if (info === undefined) throw new Error("invariant broken: a server that let us in said nothing of itself");
  const [major = 0, minor = 0] = info.version.split(".").map((part) => Number.parseInt(part, 10));
  const [majorMin, minorMin] = versionMin;
  return {
    id: info.server_id,
    version: info.version,
    isTooOld: major < majorMin || (major === majorMin && minor < minorMin),
    cluster: info.cluster ?? null,
    told: info.connect_urls?.length ?? 0,
    payloadBytesMax: info.max_payload,
  };
}

async function accountOf(connection: NatsConnection, replicas: number): Promise<Result<BrokerAccount, string>> {
  try {
    const jsm = await jetstreamManager(connection, { timeout: limits.brokerRestMs });
    const info = await jsm.getAccountInfo();
    // One server of a cluster answers that by itself; this only the one that leads, without which no stream is made.
    await jsm.streams.names().next();
    // An account may have limits apart for streams of one copy and of three.
    const bytesMax = (info.tiers?.[`R${String(replicas)}` as "R1" | "R3"] ?? info).limits.max_storage;
    return ok({ storageBytesMax: bytesMax < 0 ? null : bytesMax });
  } catch (error) {
    // Expected: it is not enabled, the account has none of it, or the servers of the cluster have not found each other.
    return refuse(reasonOf(error));
  }
}

function reasonOf(error: unknown): string {
  // A name with several addresses fails with all their errors in one.
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  if ((error instanceof Error && error.name === "JetStreamNotEnabled") || error instanceof NoRespondersError) {
    return "it is not enabled, or not for this account";
  }
  if (error instanceof TimeoutError) return "it does not answer in time";
  return error instanceof Error ? error.message : String(error);
}
