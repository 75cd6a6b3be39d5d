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
  /** Names of the orgs that there are. */
  readonly orgs: readonly string[];
  /** Holds the seed file. */
  readonly folder: string;
  readonly onFault: (fault: string) => void;
};

export class ChaosCluster {
  readonly postgres: PostgresServer;
  readonly nats: NatsServers | null;
  readonly nodes: Nodes;
  /** Past the proxies. */
  readonly databaseUrl: string;
  readonly #proxies: readonly TcpProxy[];

  private constructor(parts: Pick<ChaosCluster, "postgres" | "nats" | "nodes" | "databaseUrl"> & { proxies: readonly TcpProxy[] }) {
    this.postgres = parts.postgres;
    this.nats = parts.nats;
    this.nodes = parts.nodes;
    this.databaseUrl = parts.databaseUrl;
    this.#proxies = parts.proxies;
  }

  /** Resolves when all nodes are ready. */
  static async start({ nats: natsCount, orgs, folder, onFault }: ClusterOptions): Promise<ChaosCluster> {
    const postgres = await PostgresServer.start([`max_connections=${String(connectionsMax)}`]);
    const nats = natsCount === 0 ? null : await NatsServers.start(natsCount);
    const seed = join(folder, "seed.json");
    writeFileSync(seed, JSON.stringify({ orgs: orgs.map((name, index) => orgFile(name, String(554_023_000 + index))) }));
    const databaseUrl = await postgres.bareDatabase();
    const proxies: TcpProxy[] = [];
    const proxyTo = async (port: number): Promise<TcpProxy> => {
      const proxy = await TcpProxy.start(port);
      proxies.push(proxy);
      return proxy;
    };
    const nodes: ChaosNode[] = [];
    for (const [index, role] of roles.entries()) {
      const database = await proxyTo(postgres.port);
      const brokers: TcpProxy[] = [];
      for (const port of nats?.ports ?? []) brokers.push(await proxyTo(port));
      const environment = { WATCHPOST_ADMIN_TOKEN: chaosAdminToken, ...urlsOf(databaseUrl, database, brokers) };
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
    return new ChaosCluster({ postgres, nats, nodes: [first, ...others], databaseUrl, proxies });
  }

  get apiNodes(): readonly ChaosNode[] {
    return this.nodes.filter((node) => node.isApi);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of this.nodes) await node[Symbol.asyncDispose]();
    for (const proxy of this.#proxies) await proxy[Symbol.asyncDispose]();
    await this.nats?.[Symbol.asyncDispose]();
    await this.postgres[Symbol.asyncDispose]();
  }
}

/** The addresses of the proxies in place of the servers'. */
function urlsOf(databaseUrl: string, database: TcpProxy, brokers: readonly TcpProxy[]): Readonly<Record<string, string>> {
  const url = new URL(databaseUrl);
  url.port = String(database.port);
  const nats = brokers.map(({ port }) => `nats://${natsUser}:${natsPassword}@127.0.0.1:${String(port)}`).join();
  return { WATCHPOST_DATABASE_URL: url.href, ...(nats === "" ? {} : { WATCHPOST_NATS_URL: nats }) };
}
