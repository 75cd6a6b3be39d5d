/** A server with a backlog: how it starts, what it holds in memory while it drains, and what a claim costs as the backlog grows. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Measure, Outcome } from "../figure.ts";
import { Part } from "../part.ts";
import type { BacklogActs } from "../parts/backlog.ts";
import { hasProcessFigures, memoryMb } from "../process-figures.ts";
import type { Session } from "../session.ts";
import { TemporaryFolder } from "../../support/process.ts";
import { startServer } from "../whole-way.ts";

export async function measureBacklog(session: Session): Promise<Outcome> {
  using folder = new TemporaryFolder();
  const { backlog, drained } = session.scale;
  const sizes = [backlog / 100, backlog / 10, backlog].map(Math.ceil);
  const costs = await fill(session, `${folder.path}/store`, sizes);
  const before = await session.received();
  const startedMs = performance.now();
  const server = await startServer(folder);
  await using _process = server.process;
  const readyMs = performance.now() - startedMs;
  const drainedFromMs = performance.now();
  while ((await session.received()) < before + drained) await sleep(2);
  const drainedMs = performance.now() - drainedFromMs;
  const memory = hasProcessFigures ? memoryMb(server.process.pid) : null;
  const measures: Measure[] = [
    ...costs.map(({ size, claimMicroseconds }): Measure => ({ name: "claim, a delivery", unit: "µs", runs: [claimMicroseconds], size })),
    { name: `start-up with ${backlog.toLocaleString("en-US")} pending`, unit: "ms", runs: [readyMs] },
    { name: `drain of ${drained.toLocaleString("en-US")} of them`, unit: "deliveries/s", runs: [(drained * 1_000) / drainedMs] },
  ];
  if (memory !== null) measures.push({ name: "resident memory meanwhile, at most", unit: "MB", runs: [memory.most] });
  return { measures, skipped: memory === null ? ["resident memory: there is no /proc"] : [] };
}

async function fill(session: Session, folder: string, sizes: readonly number[]) {
  await using part = new Part<BacklogActs>("./parts/backlog.ts");
  session.say(`filling a store with ${sizes.at(-1)} pending deliveries`);
  return await part.ask("fill", { folder, receiver: session.receiverUrl, sizes });
}
