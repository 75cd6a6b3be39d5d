/** The bench, once and tiny: that each figure is there and its deliveries arrive and are settled, not how long that takes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { chartsOf } from "./charts.ts";
import { figures } from "./figures.ts";
import { measureAll } from "./measure-all.ts";
import { pageWith } from "./performance-page.ts";
import { type MeasureReport, type Report, figureReport, markdownOf, textOf } from "./report.ts";
import { exponentOf, median, quantile } from "./statistics.ts";

/** The stores of the peers, PostgreSQL and NATS are other programs, which may not be here: then they are left out by name. */
const mayBeLeftOut = ["peers", "shared", "apart", "scaling"];

test("the bench measures every figure, and every delivery that it makes arrives and is settled", { timeout: 600_000 }, async () => {
  const { figures: measured, deliveries } = await measureAll({ scale: "tiny", figures, say: () => undefined });
  assert.deepEqual(
    measured.map(({ name }) => name),
    figures.map(({ name }) => name),
  );
  for (const { name, measures, skipped } of measured) {
    assert.ok(measures.length > 0 || (mayBeLeftOut.includes(name) && skipped.length > 0), name);
    for (const measure of measures) assertMeasured(measure);
  }
  const { owed, received, settled } = deliveries;
  assert.ok(owed > 0 && received >= owed && settled >= owed, JSON.stringify(deliveries));
});

/** A process at rest may use no processor time that could be counted, and a commit's instant is a whole millisecond. */
function assertMeasured({ name, runs, min }: MeasureReport): void {
  assert.ok(runs.length > 0 && runs.every(Number.isFinite), `${name}: ${runs.join(", ")}`);
  assert.ok(min > 0 || name.startsWith("idle") || name.startsWith("commit →"), `${name}: ${min}`);
}

const report: Report = {
  machine: {
    date: "2026-01-02",
    watchpost: "0.1.0",
    node: "24.0.0",
    sqlite: "3.50.0",
    system: "linux x64",
    processor: "Example",
    cores: 2,
    memoryGb: 8,
  },
  scale: "tiny",
  tookSeconds: 61.4,
  deliveries: { owed: 0, received: 0, settled: 0 },
  figures: [
    figureReport(
      { name: "peers", title: "Peers" },
      {
        measures: [
          { name: "C1: raw POSTs", unit: "requests/s", runs: [40_000, 20_000, 30_000] },
          { name: "engine, fan-out 1", unit: "deliveries/s", runs: [20_000, 18_000, 21_000], ratios: { "× C1": [0.5, 0.9, 0.7] } },
        ],
        skipped: ["BullMQ: redis-server is not installed"],
      },
    ),
    figureReport(
      { name: "growth", title: "Growth" },
      {
        measures: [
          { name: "get", unit: "µs", runs: [10], size: 1_000 },
          { name: "get", unit: "µs", runs: [20], size: 100_000 },
        ],
      },
    ),
  ],
};

test("a report as text has the machine, medians, ratios of rounds, exponents, and what was left out", () => {
  const lines = textOf(report).split("\n");
  assert.match(lines[0] ?? "", /^2026-01-02, Watchpost 0\.1\.0, .*2 cores of Example, 8 GB; the tiny bench, 61 s$/);
  const engine = lines.find((line) => line.includes("engine, fan-out 1")) ?? "";
  assert.match(engine, /deliveries\/s +20,000 +18,000 +21,000 +0\.70 \(0\.50 to 0\.90\)$/);
  assert.match(lines.find((line) => line.startsWith("  get ")) ?? "", /10 +20 +0\.15$/);
  assert.ok(lines.includes("  left out: BullMQ: redis-server is not installed"));
});

test("the page keeps what people wrote, and gets the tables between its markers", async () => {
  const page = "# Speed\n\nBefore.\n\n<!-- bench: begin -->\n\nold\n\n<!-- bench: end -->\n\nAfter.\n";
  const written = await pageWith(report, page);
  assert.match(written, /^# Speed\n\nBefore\.\n\n<!-- bench: begin -->\n\n2026-01-02/);
  assert.match(written, /<!-- bench: end -->\n\nAfter\.\n$/);
  assert.ok(!written.includes("old"));
  assert.match(written, /\| engine, fan-out 1 +\| deliveries\/s +\| +20,000 \|/);
  assert.equal(await pageWith(report, written), written);
  assert.ok(markdownOf(report).includes("### Growth"));
  await assert.rejects(async () => pageWith(report, "# Speed\n"), /has no <!-- bench: begin -->/);
});

test("a chart is drawn of what was measured, and of nothing else", () => {
  const charts = chartsOf(report);
  assert.deepEqual(
    charts.map(({ file }) => file),
    ["bench-throughput.svg"],
  );
  assert.match(charts[0]?.svg ?? "", /20,000 \(0\.70 × C1\)/);
});

test("a wait of nothing has its place on the logarithmic axis too", () => {
  const names = ["commit → receiver", "due → API answer"].flatMap((way) =>
    ["p50", "p90", "p99", "p99.9"].map((share) => `${way}, ${share}`),
  );
  const measures = names.map((name, index) => ({ name, unit: "ms" as const, runs: [index] }));
  const latency = figureReport({ name: "latency", title: "Latency" }, { measures });
  const [chart] = chartsOf({ ...report, figures: [latency] });
  assert.equal(chart?.file, "bench-latency.svg");
  assert.ok(!/NaN|Infinity/.test(chart?.svg ?? "NaN"), chart?.svg);
});

test("medians, quantiles and exponents are what they are by hand", () => {
  assert.deepEqual([median([3, 1, 2]), median([4, 1, 2, 3]), median([7])], [2, 2.5, 7]);
  const values = Array.from({ length: 1_000 }, (_, index) => index);
  assert.deepEqual([quantile(values, 0.5), quantile(values, 0.999), quantile(values, 1)], [500, 999, 999]);
  const exponent = exponentOf([1_000, 10_000, 100_000].map((size) => ({ size, value: 3 * size ** 0.5 })));
  assert.ok(Math.abs(exponent - 0.5) < 1e-9);
});
