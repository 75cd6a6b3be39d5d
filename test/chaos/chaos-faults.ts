/**
 * The faults, each a row: what it does to whom, and how it ends. A fault is over when what it broke works again: the process is started, the weather
 * is clear. It says before it begins which nodes it hits: what these have under way may come twice.
 */
import { setTimeout as wait } from "node:timers/promises";
import type { Random } from "../fuzz/random.ts";
import { query } from "../support/postgres.ts";
import type { ChaosCluster } from "./chaos-cluster.ts";
import type { ChaosNode } from "./chaos-node.ts";
import type { TcpProxy, Way, Weather } from "./tcp-proxy.ts";

export const faultKinds = [
  "node-kill",
  "node-stop",
  "node-roll",
  "database-fast",
  "database-crash",
  "database-kill",
  "database-failover",
  "database-terminate",
  "database-cut",
  "database-refuse",
  "database-still",
  "database-slow",
  "database-lost",
  "broker-kill",
  "broker-wipe",
  "broker-stop",
  "broker-cut",
  "broker-still",
  "broker-slow",
  "broker-lost",
] as const;
export type FaultKind = (typeof faultKinds)[number];

export type Fault = {
  readonly kind: FaultKind;
  /** In words, for whoever reads the log of the run. */
  readonly what: string;
  /** Whose work it hits: what they have under way may come twice. */
  readonly hit: readonly ChaosNode[];
  /** Resolves when it is over. */
  act(): Promise<void>;
};

/** What a fault hits: two at once are never of one area. */
export type FaultArea = "node" | "database" | "broker";

export function areaOf(kind: FaultKind): FaultArea {
  const [area] = kind.split("-");
  return area === "node" || area === "database" ? area : "broker";
}

/** `longestMs`: no fault takes longer of itself. */
export type Site = { readonly cluster: ChaosCluster; readonly random: Random; readonly longestMs: number };

function spanBelow({ random, longestMs }: Site, ms: number): number {
  return random.below(Math.min(ms, longestMs));
}

/** Chooses by chance whom it hits and for how long. */
export function drawFault(kind: FaultKind, site: Site): Fault {
  return { kind, ...draws[kind](site) };
}

type Drawn = Omit<Fault, "kind">;

/** How long the database may take to come back. */
const runLimitMs = 30_000;
const runAgainMs = 100;

const draws: Readonly<Record<FaultKind, (site: Site) => Drawn>> = {
  "node-kill": (site) => {
    const { cluster, random } = site;
    const node = random.pick(cluster.nodes);
    const awayMs = spanBelow(site, random.hasChance(0.3) ? 15_000 : 2_000);
    return drawn(`${nameOf(node)} away for ${String(awayMs)} ms`, [node], async (hit) => {
      await hit.kill();
      await wait(awayMs);
      await hit.start();
    });
  },
  "node-stop": (site) => {
    const { cluster, random } = site;
    const node = random.pick(cluster.nodes);
    const stillMs = 500 + spanBelow(site, random.hasChance(0.5) ? 5_000 : 20_000);
    return drawn(`${nameOf(node)} for ${String(stillMs)} ms`, [node], async (hit) => {
      hit.standStill();
      await wait(stillMs);
      hit.goOn();
    });
  },
  "node-roll": ({ cluster, random }) => {
    const nodes = random.hasChance(0.3) ? cluster.nodes : random.some(cluster.nodes, 0.4);
    return {
      what: nodes.map(nameOf).join(" "),
      // What is ended in order leaves nothing that could come twice.
      hit: [],
      act: async () => {
        for (const node of nodes) {
          await node.end();
          await node.start();
        }
      },
    };
  },
  "database-fast": (site) => databaseRestart(site, "fast"),
  "database-crash": (site) => databaseRestart(site, "crash"),
  "database-kill": (site) => (site.random.hasChance(0.5) ? databaseRestart(site, "kill") : backendKill(site)),
  "database-failover": ({ cluster }) => ({ what: "to the one that follows", hit: cluster.nodes, act: () => cluster.failOver() }),
  "database-terminate": ({ cluster, random }) => ({
    what: "some connections",
    hit: cluster.nodes,
    act: async () => {
      const others = "pid <> pg_backend_pid() and backend_type = 'client backend'";
      await query(
        cluster.databaseUrl,
        `select pg_terminate_backend(pid) from pg_stat_activity where ${others} and pid % 3 <> ${String(random.below(3))}`,
      );
    },
  }),
  "database-cut": (site) =>
    weather(site, databaseOf, async (proxies) => {
      for (const proxy of proxies) proxy.cut(site.random.hasChance(0.5));
      await Promise.resolve();
    }),
  "database-refuse": (site) =>
    weather(site, databaseOf, async (proxies) => {
      await under(proxies, { kind: "refusing" }, spanBelow(site, 8_000));
    }),
  "database-still": (site) => weather(site, databaseOf, (proxies) => under(proxies, still(site.random), spanBelow(site, 16_000))),
  "database-slow": (site) => weather(site, databaseOf, (proxies) => under(proxies, slow(site.random), spanBelow(site, 8_000))),
  "database-lost": (site) => weather(site, databaseOf, lose),
  "broker-kill": (site) => brokerRestart(site, false),
  "broker-wipe": (site) => brokerRestart(site, true),
  "broker-stop": (site) => {
    const servers = brokersHit(site);
    const stillMs = 500 + spanBelow(site, 16_000);
    return {
      what: `${servers.join(" ")} for ${String(stillMs)} ms`,
      hit: site.cluster.nodes,
      act: async () => {
        for (const server of servers) site.cluster.nats?.signal(server, "SIGSTOP");
        await wait(stillMs);
        for (const server of servers) site.cluster.nats?.signal(server, "SIGCONT");
      },
    };
  },
  "broker-cut": (site) =>
    weather(site, brokersOf, async (proxies) => {
      if (site.random.hasChance(0.5)) for (const proxy of proxies) proxy.cut(site.random.hasChance(0.5));
      else await under(proxies, { kind: "refusing" }, spanBelow(site, 8_000));
    }),
  "broker-still": (site) => weather(site, brokersOf, (proxies) => under(proxies, still(site.random), spanBelow(site, 16_000))),
  "broker-slow": (site) => weather(site, brokersOf, (proxies) => under(proxies, slow(site.random), spanBelow(site, 8_000))),
  "broker-lost": (site) => weather(site, brokersOf, lose),
};

function nameOf({ host }: ChaosNode): string {
  return host.replace(".test", "");
}

function databaseOf({ database }: ChaosNode): readonly TcpProxy[] {
  return [database];
}

function brokersOf({ brokers }: ChaosNode): readonly TcpProxy[] {
  return brokers;
}

function drawn(what: string, hit: readonly ChaosNode[], act: (node: ChaosNode) => Promise<void>): Drawn {
  return { what, hit, act: async () => void (await Promise.all(hit.map(act))) };
}

function databaseRestart(site: Site, how: "fast" | "crash" | "kill"): Drawn {
  const { cluster, random } = site;
  const awayMs = spanBelow(site, random.hasChance(0.3) ? 12_000 : 1_500);
  return {
    what: `${how}, away for ${String(awayMs)} ms`,
    hit: cluster.nodes,
    act: async () => {
      await cluster.postgres.halt(how);
      await wait(awayMs);
      await runAgain(cluster);
    },
  };
}

/** While a child of a killed server still ends, another does not start. */
async function runAgain({ postgres }: ChaosCluster): Promise<void> {
  const untilMs = performance.now() + runLimitMs;
  for (;;) {
    try {
      await postgres.run();
      return;
    } catch (error) {
      if (performance.now() > untilMs) throw error;
      await wait(runAgainMs);
    }
  }
}

/** One of the database's processes dies: it ends all of them, recovers from its log, and goes on. */
function backendKill({ cluster, random }: Site): Drawn {
  const lot = random.below(1_000);
  return {
    what: "one of its processes",
    hit: cluster.nodes,
    act: async () => {
      const others = "pid <> pg_backend_pid() and backend_type = 'client backend'";
      const pids = await query(cluster.databaseUrl, `select pid from pg_stat_activity where ${others} order by pid`);
      const pid = Number(pids[lot % Math.max(1, pids.length)]?.["pid"] ?? 0);
      // Expected: it has ended meanwhile.
      if (pid > 0) cluster.postgres.killBackend(pid);
      await untilAnswering(cluster);
    },
  };
}

async function untilAnswering({ databaseUrl }: ChaosCluster): Promise<void> {
  const untilMs = performance.now() + runLimitMs;
  for (;;) {
    try {
      await query(databaseUrl, "select 1");
      return;
    } catch (error) {
      if (performance.now() > untilMs) throw error;
      await wait(runAgainMs);
    }
  }
}

/** All of them at once, two, or one: of three the two others go on. */
function brokersHit({ cluster, random }: Site): readonly number[] {
  const servers = Array.from({ length: cluster.nats?.ports.length ?? 0 }, (_, index) => index);
  const spared = random.pick(servers);
  if (random.hasChance(0.25)) return servers;
  return servers.length > 1 && random.hasChance(0.3)
    ? servers.filter((server) => server !== spared)
    : servers.filter((server) => server === spared);
}

function brokerRestart(site: Site, isWiped: boolean): Drawn {
  const { cluster, random } = site;
  const servers = brokersHit(site);
  const awayMs = spanBelow(site, random.hasChance(0.3) ? 10_000 : 1_500);
  return {
    what: `${servers.join(" ")} away for ${String(awayMs)} ms`,
    hit: cluster.nodes,
    act: async () => {
      const { nats } = cluster;
      if (nats === null) return;
      await Promise.all(servers.map((server) => nats.kill(server)));
      if (isWiped) for (const server of servers) nats.wipe(server);
      await wait(awayMs);
      await Promise.all(servers.map((server) => nats.run(server)));
    },
  };
}

function weather(
  { cluster, random }: Site,
  proxiesOf: (node: ChaosNode) => readonly TcpProxy[],
  act: (proxies: readonly TcpProxy[]) => Promise<void>,
): Drawn {
  const hit = random.hasChance(0.3) ? cluster.nodes : [random.pick(cluster.nodes)];
  const proxies = hit.flatMap(proxiesOf);
  return { what: hit.map(nameOf).join(" "), hit, act: () => act(proxies) };
}

async function under(proxies: readonly TcpProxy[], bad: Weather, forMs: number): Promise<void> {
  for (const proxy of proxies) {
    proxy.turn(bad);
    if (bad.kind === "refusing") proxy.cut(true);
  }
  await wait(forMs);
  for (const proxy of proxies) proxy.clear();
}

async function lose(proxies: readonly TcpProxy[]): Promise<void> {
  for (const proxy of proxies) proxy.lose();
  await Promise.resolve();
}

function still(random: Random): Weather {
  const ways: readonly (readonly Way[])[] = [["toServer"], ["toNode"], ["toServer", "toNode"]];
  return { kind: "still", ways: random.pick(ways) ?? [] };
}

function slow(random: Random): Weather {
  // Late, or in a trickle.
  return random.hasChance(0.5)
    ? { kind: "slow", delayMs: 20 + random.below(200), pieceBytes: 65_536 }
    : { kind: "slow", delayMs: 2, pieceBytes: 64 + random.below(400) };
}
