/** How each cost grows with records, channels and history: the exponent of 0 is a cost that stays, that of 1 one that grows in proportion. */
import type { Measure, Outcome } from "../figure.ts";
import { Part } from "../part.ts";
import type { GrowthActs } from "../parts/growth.ts";
import { type Axis, axes } from "../scale.ts";
import type { Session } from "../session.ts";
import { TemporaryFolder, startProcess } from "../../support/process.ts";

export async function measureGrowth(session: Session): Promise<Outcome> {
  const measures: Measure[] = [];
  for (const axis of axes) measures.push(...(await growAlong(session, axis)));
  return { measures };
}

async function growAlong(session: Session, axis: Axis): Promise<readonly Measure[]> {
  using folder = new TemporaryFolder();
  await using part = new Part<GrowthActs>("./parts/growth.ts");
  const store = `${folder.path}/store`;
  const measures: Measure[] = [];
  await part.ask("begin", { folder: store });
  let from = 0;
  for (const size of session.scale.growth[axis]) {
    session.say(`growing to ${size} ${axis}`);
    await part.ask("grow", { folder: store, axis, from, until: size });
    from = size;
    const costs = await part.ask("costs", { folder: store, records: axis === "records" ? size : 0, times: session.scale.growthTimes });
    measures.push(
      ...costs.map(({ name, microseconds }): Measure => ({ name: `${axis}: ${name}`, unit: "µs", runs: [microseconds], size })),
    );
    measures.push({ name: `${axis}: start-up to the ready line`, unit: "ms", runs: [await startUpMs(store)], size });
  }
  return measures;
}

async function startUpMs(store: string): Promise<number> {
  const startedMs = performance.now();
  const { server } = await startProcess(["serve", "--data", store, "--log-level", "error"]);
  const tookMs = performance.now() - startedMs;
  await server.kill();
  return tookMs;
}
