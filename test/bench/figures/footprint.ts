/** What it takes to have it: start-up, size on disk, and memory and processor time with nothing to do. */
import { lstatSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Measure, Outcome } from "../figure.ts";
import { hasProcessFigures, memoryMb, processorMs } from "../process-figures.ts";
import type { Session } from "../session.ts";
import { TemporaryFolder, startProcess } from "../../support/process.ts";

const root = path.resolve(import.meta.dirname, "../../..");

export async function measureFootprint(session: Session): Promise<Outcome> {
  const startUps: number[] = [];
  for (let run = 0; run < session.scale.startUps; run += 1) startUps.push(await startUpMs());
  const measures: Measure[] = [{ name: "start-up on an empty store, to the ready line", unit: "ms", runs: startUps }, ...sizes()];
  if (!hasProcessFigures) return { measures, skipped: ["idle memory and processor time: there is no /proc"] };
  return { measures: [...measures, ...(await measureIdle(session.scale.idleMs))] };
}

/** From the spawn to the ready line, on a folder that is not there yet. */
async function startUpMs(): Promise<number> {
  using folder = new TemporaryFolder();
  const startedMs = performance.now();
  const { server } = await startProcess(["serve", "--data", `${folder.path}/store`, "--log-level", "error"]);
  const tookMs = performance.now() - startedMs;
  await server.kill();
  return tookMs;
}

async function measureIdle(idleMs: number): Promise<readonly Measure[]> {
  using folder = new TemporaryFolder();
  const { server } = await startProcess(["serve", "--data", `${folder.path}/store`, "--log-level", "error"]);
  await using _server = server;
  await sleep(Math.min(idleMs, 1_000));
  const usedBeforeMs = processorMs(server.pid);
  const startedMs = performance.now();
  await sleep(idleMs);
  const share = (processorMs(server.pid) - usedBeforeMs) / (performance.now() - startedMs);
  return [
    { name: "idle, resident memory", unit: "MB", runs: [memoryMb(server.pid).now] },
    { name: "idle, of one processor", unit: "%", runs: [100 * share] },
  ];
}

function sizes(): readonly Measure[] {
  const lock = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8")) as {
    readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly devOptional?: boolean; readonly optional?: boolean }>>;
  };
  const production = Object.entries(lock.packages).filter(([place, { dev, devOptional }]) => place !== "" && !dev && !devOptional);
  const megabytes = (places: readonly string[]): number =>
    places.reduce((sum, place) => sum + bytesIn(path.join(root, place)), 0) / 1024 ** 2;
  return [
    { name: "installed: the server and the console", unit: "MB", runs: [megabytes(["src", "bin", "dist/console"])] },
    { name: `installed: its ${production.length} packages`, unit: "MB", runs: [megabytes(production.map(([place]) => place))] },
    { name: "installed: all packages, those for development too", unit: "MB", runs: [megabytes(["node_modules"])] },
  ];
}

/** Of a file, or of all files in a folder; 0 when there is none. */
function bytesIn(place: string): number {
  const stat = lstatSync(place, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(place).reduce((sum, name) => sum + bytesIn(path.join(place, name)), 0);
}
