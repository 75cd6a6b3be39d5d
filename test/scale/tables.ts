/** The tables of docs/scale.md, made from the costs, the prices, the formulas and the simulation. */
import { limits } from "../../src/core/limits.ts";
import { comparisons } from "./comparisons.ts";
import { type Cost, costs, measureCommand, measuredHow } from "./costs.ts";
import { type Fleet, type Load, meanOf, orgChangesPerSecondMax, saturation, usualLatency, zipfShares } from "./model.ts";
import { type Installation, mostOf, planOf } from "./plan.ts";
import { busyMax, databasesPerShard, keptBytesMax, prices, processesPerMachine, walBytesPerSecondMax } from "./prices.ts";

type Table = {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly note?: string;
};

/** The load that the plan is for. */
const planned: Installation = {
  orgs: 1_000_000,
  zipfExponent: 0.8,
  load: { changesPerSecond: 100_000, fanOut: 3, latency: usualLatency, failureShare: 0.01 },
  keptSeconds: 86_400,
};
const hourSeconds = 3_600;
/** Commits a second that a disk makes durable: a local SSD with a protected cache. */
const syncsPerSecond = 2_000;

export function tablesText(): string {
  return [costTable(), sizeTable(), latencyTable(), orgTable(), priceTable(), planTable(), historyTable(), comparisonTable()]
    .map(textOf)
    .join("\n\n");
}

function textOf({ title, head, rows, note }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const table = [line(head), line(head.map((_, index) => (index === 0 ? "---" : "--:"))), ...rows.map(line)].join("\n");
  return `### ${title}\n\n${table}${note === undefined ? "" : `\n\n${note}`}`;
}

function shown(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString("en", { maximumSignificantDigits: 3 });
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en");
}

function costTable(): Table {
  const row = (name: string, { change, delivery }: Cost): readonly string[] => {
    const unit = change.unit === "a change" ? "" : ` ${change.unit}`;
    return [`${name}: ${delivery.note}`, `${shown(change.value)}${unit}`, `${shown(delivery.value)}${unit}`, delivery.source];
  };
  return {
    title: "What a change and a delivery cost",
    head: ["cost", "a change", "a delivery of it", "figure"],
    rows: [
      row("embedded, main thread", costs.embedded.mainThread),
      row("embedded, other threads", costs.embedded.otherThreads),
      row("embedded, bytes", costs.embedded.diskBytes),
      row("embedded, syncs", costs.syncs.embedded),
      row("shared, a node's main thread", costs.shared.mainThread),
      row("shared, a node's other threads", costs.shared.otherThreads),
      row("shared, PostgreSQL", costs.shared.database),
      row("shared, log ahead", costs.shared.walBytes),
      row("shared, kept", costs.shared.keptBytes),
      row("shared, statements", costs.shared.statements),
      row("shared, syncs", costs.syncs.shared),
      row("distributed, NATS besides", costs.queue.broker),
      row("network", costs.wire),
    ],
    note: `Measured: ${measuredHow}. \`${measureCommand}\` measures them anew.`,
  };
}

function sizeTable(): Table {
  const fleets: readonly (readonly [string, Fleet])[] = [
    ["embedded: one process", { size: "embedded", processes: 1, databaseProcessors: 0, syncsPerSecond }],
    ["shared: 4 processes, 4 processors of PostgreSQL", { size: "shared", processes: 4, databaseProcessors: 4, syncsPerSecond }],
    ["shared: 16 processes, 16 processors of PostgreSQL", { size: "shared", processes: 16, databaseProcessors: 16, syncsPerSecond }],
  ];
  const latencies = [
    ["at once", [{ share: 1, ms: 1 }]],
    ["50 ms", [{ share: 1, ms: 50 }]],
    ["usual", usualLatency],
  ] as const;
  const rows = fleets.flatMap(([name, fleet]) =>
    latencies.flatMap(([answer, latency]) =>
      [1, 10].map((fanOut) => {
        const load: Load = { changesPerSecond: 1, fanOut, latency, failureShare: 0.01 };
        const { changesPerSecond, first, next } = saturation(load, fleet);
        return [name, answer, String(fanOut), whole(changesPerSecond), whole(changesPerSecond * fanOut), first, next];
      }),
    ),
  );
  return {
    title: "Where each size ends",
    head: ["size", "receivers answer", "fan-out", "changes/s", "deliveries/s", "used up first", "next"],
    rows,
    note: `Every thread and processor used to the last, one attempt in a hundred failing. Usual receivers: ${usualLatency.map(({ share, ms }) => `${shown(share * 100)} % in ${whole(ms)} ms`).join(", ")}; ${whole(meanOf(usualLatency))} ms on the mean.`,
  };
}

function latencyTable(): Table {
  const slots = limits.deliveriesInFlightMax;
  const rows = [10, 50, 200, 1_000, limits.attemptTimeoutMs].map((ms) => [
    `${whole(ms)} ms`,
    ...[limits.deliveriesInFlightPerChannelMax, limits.deliveriesInFlightPerOriginMax, limits.deliveriesInFlightPerOrgMax, slots].map(
      (count) => shown((count * 1_000) / ms),
    ),
  ]);
  return {
    title: "Deliveries a second of one process, by how long receivers take",
    head: ["answer after", "a channel", "a host", "an org", "the process"],
    rows,
  };
}

function orgTable(): Table {
  const { load, orgs } = planned;
  const rows = [0.6, 0.8, 0.9, 1].map((exponent) => {
    const largest = zipfShares(orgs, exponent)[0] ?? 0;
    const asked = largest * load.changesPerSecond;
    const can = orgChangesPerSecondMax(load.fanOut);
    return [shown(exponent), `${shown(largest * 100)} %`, whole(asked), whole(can), asked > can ? "too much for one org's row" : "fits"];
  });
  return {
    title: `The largest of ${whole(orgs)} orgs at ${whole(load.changesPerSecond)} changes/s`,
    head: ["Zipf's exponent", "its share", "asks, changes/s", "can have, changes/s", ""],
    rows,
  };
}

function priceTable(): Table {
  return {
    title: "Unit prices: assumptions",
    head: ["unit", "dollars a month"],
    rows: Object.values(prices).map(({ what, dollars }) => [what, whole(dollars)]),
    note: `Edit \`test/scale/prices.ts\`. Nothing is used to more than ${busyMax * 100} %; ${processesPerMachine} processes a machine, ${databasesPerShard} databases a shard; a database writes at most ${walBytesPerSecondMax / 1e6} MB/s of its log ahead, and keeps at most ${keptBytesMax / 1e12} TB of history.`,
  };
}

function planTable(): Table {
  const plan = planOf(planned);
  const needs = [
    ...plan.processes.map(({ reason, count }) => [`processes for ${reason}`, whole(count), ""]),
    ...plan.shards.map(({ reason, count }) => [
      `shards for ${reason}, the fullest at ${plan.fullest.toFixed(2)} of the mean`,
      whole(count),
      "",
    ]),
  ];
  const positions = plan.positions.map(({ what, count, dollars }) => [what, whole(count), whole(dollars)]);
  const { orgs, load } = planned;
  return {
    title: `${whole(orgs)} orgs, ${whole(load.changesPerSecond)} changes/s, fan-out ${load.fanOut}, a day of history`,
    head: ["what", "count", "dollars a month"],
    rows: [...needs, ...positions, ["altogether", "", whole(plan.dollars)]],
  };
}

function historyTable(): Table {
  const rows = [
    ["1 hour", hourSeconds],
    ["1 day", 24 * hourSeconds],
    ["7 days (the default)", 7 * 24 * hourSeconds],
  ] as const;
  return {
    title: "The same, by how long history is kept",
    head: ["`--keep-history`", "TB in each copy", "shards", "dollars a month"],
    rows: rows.map(([name, keptSeconds]) => {
      const plan = planOf({ ...planned, keptSeconds });
      return [name, shown(plan.keptBytes / 1e12), whole(mostOf(plan.shards)), whole(plan.dollars)];
    }),
  };
}

function comparisonTable(): Table {
  return {
    title: "Formulas and simulation",
    head: ["what", "formula", "simulated", "may differ by"],
    rows: comparisons().map(({ what, formula, simulated, tolerance }) => [
      what,
      shown(formula),
      shown(simulated),
      `${shown(tolerance * 100)} %`,
    ]),
  };
}
