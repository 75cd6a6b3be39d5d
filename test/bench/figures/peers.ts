/** Peers that do the same job, beside C1 and the engine: durable enqueue, POST, completion recorded, to the same receiver. */
import { existsSync, readFileSync } from "node:fs";
import { c1Name, openC1, perSecond } from "../ceilings.ts";
import { EngineRun } from "../engine-run.ts";
import type { Measure, Outcome } from "../figure.ts";
import { fanOutsOf } from "../org.ts";
import { Part } from "../part.ts";
import type { PeerActs } from "../peers/peer.ts";
import { PeerServer, findPostgres, findRedis } from "../peers/servers.ts";
import { type Contender, type Session, alternate, ratiosOf } from "../session.ts";

type Peer = {
  readonly name: string;
  /** Of its package. */
  readonly packageName: string;
  readonly file: string;
  readonly server: "redis always" | "redis everysec" | "postgres";
};

const peers: readonly Peer[] = [
  { name: "BullMQ + undici, appendfsync always", packageName: "bullmq", file: "./peers/bullmq.ts", server: "redis always" },
  { name: "BullMQ + undici, appendfsync everysec", packageName: "bullmq", file: "./peers/bullmq.ts", server: "redis everysec" },
  { name: "pg-boss + undici in batches", packageName: "pg-boss", file: "./peers/pg-boss.ts", server: "postgres" },
  { name: "graphile-worker + undici in batches", packageName: "graphile-worker", file: "./peers/graphile-worker.ts", server: "postgres" },
];

export async function measurePeers(session: Session): Promise<Outcome> {
  await using stack = new AsyncDisposableStack();
  const fanOuts = fanOutsOf(session.scale.peerFanOuts);
  const skipped: string[] = [];
  const notes: string[] = [];
  const contenders: Contender[] = [];
  for (const peer of peers) {
    const opened = await openPeer(session, stack, peer);
    if (typeof opened === "string") skipped.push(`${peer.name}: ${opened}`);
    else {
      notes.push(`${peer.name}: ${peer.packageName} ${packageVersion(peer.packageName)}, ${opened.serverText}`);
      contenders.push(...fanOuts.map(({ channels }) => opened.contender(channels)));
    }
  }
  if (contenders.length === 0) return { measures: [], skipped };
  const engine = await EngineRun.open(session, stack, { channels: session.scale.peerFanOuts });
  const ours = fanOuts.map((fanOut) => engine.contender(`engine, fan-out ${fanOut.channels}`, fanOut, 1));
  const runs = await alternate(session, [openC1(session, stack), ...ours, ...contenders]);
  const c1 = runs.get(c1Name) ?? [];
  const measures = [...ours, ...contenders].map(({ name }): Measure => {
    const own = runs.get(name) ?? [];
    const engineName = ours.find((our) => name.endsWith(our.name.slice("engine".length)))?.name ?? "";
    const times = ours.some((our) => our.name === name) ? {} : { "engine ÷ this": ratiosOf(runs.get(engineName) ?? [], own) };
    return { name, unit: "deliveries/s", runs: own, ratios: { "× C1": ratiosOf(own, c1), ...times } };
  });
  return { measures: [{ name: c1Name, unit: "requests/s", runs: c1 }, ...measures], skipped, notes };
}

type OpenedPeer = { readonly serverText: string; readonly contender: (fanOut: number) => Contender };

/** A text says why it cannot be measured. */
async function openPeer(session: Session, stack: AsyncDisposableStack, peer: Peer): Promise<OpenedPeer | string> {
  if (packageVersion(peer.packageName) === null) return `${peer.packageName} is not installed; npm run bench:peers does that`;
  const started = await startServer(peer);
  if (typeof started === "string") return started;
  const server = stack.use(started);
  const part = stack.use(new Part<PeerActs>(peer.file));
  await part.ask("open", { socket: server.socket, receiver: session.receiverUrl });
  const contender = (fanOut: number): Contender => ({
    name: `${peer.name}, fan-out ${fanOut}`,
    run: async (forMs) => {
      const before = await session.received();
      const { owed, settled, tookMs } = await part.ask("run", { forMs, fanOut, underWay: session.scale.changesUnderWay });
      session.noteDeliveries({ owed, settled, received: (await session.received()) - before });
      return perSecond(owed, tookMs);
    },
  });
  return { serverText: `${peer.server === "postgres" ? "PostgreSQL" : "Redis"} ${server.version}`, contender };
}

async function startServer({ server }: Peer): Promise<PeerServer | string> {
  if (server === "postgres") {
    const programs = findPostgres();
    return programs === null ? "PostgreSQL is not installed" : PeerServer.startPostgres(programs);
  }
  const program = findRedis();
  return program === null
    ? "redis-server is not installed"
    : PeerServer.startRedis(program, server === "redis always" ? "always" : "everysec");
}

/** null: it is not installed. */
function packageVersion(name: string): string | null {
  const manifest = new URL(`../peers/node_modules/${name}/package.json`, import.meta.url);
  if (!existsSync(manifest)) return null;
  return String((JSON.parse(readFileSync(manifest, "utf8")) as { version: unknown }).version);
}
