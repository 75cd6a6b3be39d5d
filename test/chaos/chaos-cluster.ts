/** Four nodes of mixed roles over one PostgreSQL database, and over NATS servers where they are asked for, with a proxy on every connection. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../support/free-port.ts";
import { NatsServers, natsPassword, natsUser } from "../support/nats.ts";
import { PostgresServer } from "../support/postgres.ts";
import { orgFile } from "../support/seeds.ts";
import { ChaosNode } from "./chaos-node.ts";
import { TcpProxy } from "./tcp-proxy.ts";

export const chaosAdminToken = "the-admin-token-of-the-chaos";

const roles = ["all", "all", "api", "dispatch"] as const;
/** Those of nodes that are stalled stay until the server sees it, and those that replace them come beside. */
const connectionsMax = 300;

type Nodes = readonly [ChaosNode, ...ChaosNode[]];

export type ClusterOptions = {
  readonly nats: 0 | 1 | 3;
  /** Whether another database server follows the one that is used, to take over from it. */
  readonly isFollowed: boolean;
  /** Names of the orgs that there are. */
  readonly orgs: readonly string[];
  /** Holds the seed file. */
  readonly folder: string;
  readonly onFault: (fault: string) => void;
};

type Databases = { readonly leader: PostgresServer; readonly follower: PostgresServer | null };

export class ChaosCluster {
  readonly nats: NatsServers | null;
  readonly nodes: Nodes;
  /** Past the proxies of the nodes. */
  readonly databaseUrl: string;
  readonly #proxies: readonly TcpProxy[];
  readonly #toDatabase: readonly TcpProxy[];
  #databases: Databases;

  private constructor(parts: Pick<ChaosCluster, "nats" | "nodes" | "databaseUrl"> & { wires: Wires; databases: Databases }) {
    this.nats = parts.nats;
    this.nodes = parts.nodes;
    this.databaseUrl = parts.databaseUrl;
    this.#proxies = parts.wires.all;
    this.#toDatabase = parts.wires.toDatabase;
    this.#databases = parts.databases;
  }

  /** Resolves when all nodes are ready. */
  static async start({ nats: natsCount, isFollowed, orgs, folder, onFault }: ClusterOptions): Promise<ChaosCluster> {
    const leader = await PostgresServer.start([`max_connections=${String(connectionsMax)}`, "wal_retrieve_retry_interval=500ms"]);
    const nats = natsCount === 0 ? null : await NatsServers.start(natsCount);
    const seed = join(folder, "seed.json");
    writeFileSync(seed, JSON.stringify({ orgs: orgs.map((name, index) => orgFile(name, String(554_023_000 + index))) }));
    const wires = new Wires();
    const directUrl = await leader.bareDatabase();
    const databases = { leader, follower: isFollowed ? await leader.follower() : null };
    const databaseUrl = throughProxy(directUrl, await wires.toDatabaseAt(leader.port));
    const nodes: ChaosNode[] = [];
    for (const [index, role] of roles.entries()) {
      const database = await wires.toDatabaseAt(leader.port);
      const brokers: TcpProxy[] = [];
      for (const port of nats?.ports ?? []) brokers.push(await wires.to(port));
      const environment = { WATCHPOST_ADMIN_TOKEN: chaosAdminToken, ...urlsOf(directUrl, database, brokers) };
      const args = ["--seed", seed, "--allow-target", "127.0.0.0/8", "--log-level", "warn", "--nats-replicas", String(natsCount)];
      const used = natsCount === 0 ? args.slice(0, -2) : args;
      nodes.push(new ChaosNode({ index, role, port: await freePort(), database, brokers, args: used, environment, onFault }));
    }
    process.once("exit", () => {
      for (const node of nodes) node.abandon();
    });
    await Promise.all(nodes.map((node) => node.start()));
    const [first, ...others] = nodes;
    assert.ok(first !== undefined);
    return new ChaosCluster({ nats, nodes: [first, ...others], databaseUrl, wires, databases });
  }

  /** The database server that is used now. */
  get postgres(): PostgresServer {
    return this.#databases.leader;
  }

  /** The database server dies, and the one that follows it goes on; then another one follows that. */
  async failOver(): Promise<void> {
    const { leader, follower } = this.#databases;
    assert.ok(follower !== null);
    await leader.halt("kill");
    await follower.promote();
    for (const proxy of this.#toDatabase) {
      proxy.aim(follower.port);
      proxy.cut(true);
    }
    await leader[Symbol.asyncDispose]();
    this.#databases = { leader: follower, follower: null };
    this.#databases = { leader: follower, follower: await follower.follower() };
  }

  get apiNodes(): readonly ChaosNode[] {
    return this.nodes.filter((node) => node.isApi);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of this.nodes) await node[Symbol.asyncDispose]();
    for (const proxy of this.#proxies) await proxy[Symbol.asyncDispose]();
    await this.nats?.[Symbol.asyncDispose]();
    for (const server of Object.values(this.#databases)) await server?.[Symbol.asyncDispose]();
  }
}

/** The addresses of the proxies in place of the servers'. */
function urlsOf(databaseUrl: string, database: TcpProxy, brokers: readonly TcpProxy[]): Readonly<Record<string, string>> {
  const nats = brokers.map(({ port }) => `nats://${natsUser}:${natsPassword}@127.0.0.1:${String(port)}`).join();
  return { WATCHPOST_DATABASE_URL: throughProxy(databaseUrl, database), ...(nats === "" ? {} : { WATCHPOST_NATS_URL: nats }) };
}

function throughProxy(databaseUrl: string, { port }: TcpProxy): string {
  const url = new URL(databaseUrl);
  url.port = String(port);
  return url.href;
}

/** The proxies of a cluster. */
class Wires {
  readonly all: TcpProxy[] = [];
  readonly toDatabase: TcpProxy[] = [];

  async to(port: number): Promise<TcpProxy> {
    const proxy = await TcpProxy.start(port);
    this.all.push(proxy);
    return proxy;
  }

  async toDatabaseAt(port: number): Promise<TcpProxy> {
    const proxy = await this.to(port);
    this.toDatabase.push(proxy);
    return proxy;
  }
}
