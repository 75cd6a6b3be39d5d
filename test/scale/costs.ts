/**
 * What a change and a delivery cost, as data: each figure with where it comes from. All that docs/scale.md computes is computed from these. What is measured
 * stands in `measured.json`, which the command below writes, and the page with it.
 */
import measurement from "./measured.json" with { type: "json" };

/** How the measured figures are made. */
export const measureCommand = "npm run -s scale:measure -- --rounds 7 --seconds 4 --write";
/** When, on what, and how often. */
export const measuredHow = measurement.how;

export type Figure = {
  readonly value: number;
  readonly unit: "µs" | "bytes" | "a change" | "a delivery";
  /** `measured` by the command above; `counted` by hand, as the note says; `assumed`: nobody has measured it yet. */
  readonly source: "measured" | "counted" | "assumed";
  readonly note: string;
};

/** What one change costs, whatever it owes, and what each of its deliveries adds. */
export type Cost = { readonly change: Figure; readonly delivery: Figure };

/** As `measured.json` has it: what a change costs, and what each of its deliveries adds. */
type Line = readonly number[];

function measured(unit: Figure["unit"], [change = Number.NaN, delivery = Number.NaN]: Line, note: string): Cost {
  const figure = { unit, source: "measured", note } as const;
  return { change: { ...figure, value: change }, delivery: { ...figure, value: delivery } };
}

/** Of three servers together, which each have every message. */
function brokerCost(line: Line | null): Cost {
  if (line !== null) return measured("µs", line, "of the three servers together, where one process writes and two dispatch");
  const assumed = { unit: "µs", source: "assumed" } as const;
  return {
    change: { ...assumed, value: 0, note: "nothing is published for a change" },
    delivery: { ...assumed, value: 10, note: "of the three servers together" },
  };
}

const { embedded, shared, broker } = measurement;

export const costs = {
  embedded: {
    mainThread: measured("µs", embedded.mainThread, "HTTP, JSON, signing and the POST"),
    otherThreads: measured("µs", embedded.otherThreads, "the store's thread, and the runtime's own"),
    diskBytes: measured("bytes", embedded.diskBytes, "written to the disk: the log of SQLite, and its checkpoints"),
  },
  shared: {
    mainThread: measured("µs", shared.mainThread, "as above, and the use cases and the connections besides"),
    otherThreads: measured("µs", shared.otherThreads, "the runtime's own: collection of garbage, compiling"),
    database: measured("µs", shared.database, "all processes of PostgreSQL"),
    walBytes: measured("bytes", shared.walBytes, "written ahead, and copied to each replica"),
    keptBytes: measured("bytes", shared.keptBytes, "tables and indexes, for as long as history is kept"),
    statements: measured("a change", shared.statements, `begin and commit among them, at ${String(shared.editsPerBatch)} edits a batch`),
  },
  /** Commits that wait for the disk, for each change at 64 requests at once: with more at once they are fewer. */
  syncs: {
    embedded: measured("a change", embedded.syncs, `one a batch, at ${String(embedded.editsPerBatch)} edits a batch`),
    shared: measured("a change", shared.syncs, "syncs of the log ahead"),
  },
  /** What JetStream adds to the shared size: a message stands for a batch of deliveries. */
  queue: { broker: brokerCost(broker) },
  wire: {
    change: { value: 1_200, unit: "bytes", source: "counted", note: "the PUT of README.md and its answer, with the headers of both" },
    delivery: {
      value: 1_000,
      unit: "bytes",
      source: "counted",
      note: "the PUT and the POST of README.md, each with its answer and the headers of both",
    },
  },
} as const satisfies Record<string, Cost | Record<string, Cost>>;

/** The same of a cost, for a change with so many deliveries, each attempted so often. */
export function perChange({ change, delivery }: Cost, deliveries: number): number {
  return change.value + deliveries * delivery.value;
}
