/** The paper plan: its formulas hold beside the simulation, and its page shows what the program computes. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readSource } from "../../tools/repository.ts";
import { comparisons } from "./comparisons.ts";
import {
  type Fleet,
  type Load,
  attemptsPerDelivery,
  byUse,
  erlangC,
  resourcesOf,
  saturation,
  slotsBusy,
  usualLatency,
  utilisation,
  zipfShares,
} from "./model.ts";
import { planOf } from "./plan.ts";
import { scalePageWith } from "./scale-page.ts";
import { tablesText } from "./tables.ts";

const load: Load = { changesPerSecond: 1_000, fanOut: 2, latency: usualLatency, failureShare: 0 };
const fleet: Fleet = { size: "shared", processes: 4, databaseProcessors: 4, syncsPerSecond: 2_000 };

describe("formulas", () => {
  test("each is as near to the simulation as it says", () => {
    for (const { what, formula, simulated, tolerance } of comparisons()) {
      const off = Math.abs(simulated - formula) / formula;
      assert.ok(off <= tolerance, `${what}: ${formula} by the formula, ${simulated} simulated`);
    }
  });

  test("at the load that saturates a fleet its first resource is used up, and no other is used more", () => {
    const { changesPerSecond, first } = saturation(load, fleet);
    const [most] = byUse(resourcesOf({ ...load, changesPerSecond }, fleet));
    assert.equal(most?.name, first);
    assert.ok(most !== undefined && Math.abs(utilisation(most) - 1) < 1e-9);
  });

  test("twice the load is twice the use of every resource, and twice the processes half of theirs", () => {
    const of = (asked: Load, with_: Fleet): ReadonlyMap<string, number> =>
      new Map(resourcesOf(asked, with_).map((one) => [one.name, utilisation(one)]));
    const once = of(load, fleet);
    for (const [name, use] of of({ ...load, changesPerSecond: 2_000 }, fleet)) {
      assert.ok(Math.abs(use / (once.get(name) ?? 0) - 2) < 1e-9, name);
    }
    const doubled = of(load, { ...fleet, processes: 8 });
    assert.equal(doubled.get("POSTs under way"), (once.get("POSTs under way") ?? 0) / 2);
    assert.equal(doubled.get("PostgreSQL's processors"), once.get("PostgreSQL's processors"));
  });

  test("known values: Erlang's C, attempts, slots, Zipf", () => {
    assert.ok(Math.abs(erlangC(1, 0.5).waitShare - 0.5) < 1e-12);
    assert.ok(Math.abs(erlangC(2, 1).waitShare - 1 / 3) < 1e-12);
    assert.equal(erlangC(2, 2).meanWait, Number.POSITIVE_INFINITY);
    assert.equal(attemptsPerDelivery(0), 1);
    assert.ok(Math.abs(attemptsPerDelivery(0.5) - 2) < 0.002);
    assert.equal(slotsBusy({ ...load, latency: [{ share: 1, ms: 50 }] }), 100);
    assert.deepEqual([...zipfShares(3, 0)], [1 / 3, 1 / 3, 1 / 3]);
  });
});

test("a plan has the machines that its neediest reason asks for, and its money is their sum", () => {
  const plan = planOf({ orgs: 1_000, zipfExponent: 0.6, load: { ...load, changesPerSecond: 50_000 }, keptSeconds: 3_600 });
  const most = Math.max(...plan.processes.map(({ count }) => count));
  assert.equal(plan.positions[0]?.count, Math.ceil(most / 3));
  assert.equal(
    plan.dollars,
    plan.positions.reduce((sum, { dollars }) => sum + dollars, 0),
  );
  const longer = planOf({ orgs: 1_000, zipfExponent: 0.6, load: { ...load, changesPerSecond: 50_000 }, keptSeconds: 720_000 });
  assert.ok(longer.dollars > plan.dollars);
});

test("docs/scale.md shows the tables that the program computes", async () => {
  const page = readSource("docs/scale.md").text;
  assert.equal(page, await scalePageWith(tablesText(), page), "npm run -s scale -- --write writes them anew");
});
