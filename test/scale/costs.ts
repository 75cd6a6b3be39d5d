/**
 * What a change and a delivery cost, as data: each figure with where it comes from. All that docs/scale.md computes is computed from these, so a figure that is
 * measured anew is written here, and `npm run -s scale -- --write` does the rest.
 *
 * Measured on two cores of an AMD EPYC that other work shared: processor time is told, medians of 7 rounds, at 64 requests at once. A line through fan-out 1 and 10
 * parts a change, with its request over HTTP, from a delivery. A second sitting under more of other work differed by 0.6 to 1.8 times: to be measured anew on a quiet machine.
 */

/** How the measured figures are made. */
export const measureCommand = "npm run -s scale:measure -- --rounds 7 --seconds 4";

export type Figure = {
  readonly value: number;
  readonly unit: "µs" | "bytes" | "a change" | "a delivery";
  /** `measured` by the command above; `counted` by hand, as the note says; `assumed`: nobody has measured it yet. */
  readonly source: "measured" | "counted" | "assumed";
  readonly note: string;
};

/** What one change costs, whatever it owes, and what each of its deliveries adds. */
export type Cost = { readonly change: Figure; readonly delivery: Figure };

function measured(unit: Figure["unit"], [change, delivery]: readonly [number, number], note: string): Cost {
  const figure = { unit, source: "measured", note } as const;
  return { change: { ...figure, value: change }, delivery: { ...figure, value: delivery } };
}

export const costs = {
  embedded: {
    mainThread: measured("µs", [69.7, 44.2], "HTTP, JSON, signing and the POST"),
    otherThreads: measured("µs", [60.8, 34.7], "the store's thread, and the runtime's own"),
    diskBytes: measured("bytes", [2_495, 1_031], "written to the disk: the log of SQLite, and its checkpoints"),
  },
  shared: {
    mainThread: measured("µs", [211, 89.3], "as above, and the use cases and the connections besides"),
    otherThreads: measured("µs", [21.4, 17.4], "the runtime's own: collection of garbage, compiling"),
    database: measured("µs", [88.9, 52.3], "all processes of PostgreSQL"),
    walBytes: measured("bytes", [900, 1_649], "written ahead, and copied to each replica"),
    keptBytes: measured("bytes", [187, 1_037], "tables and indexes, for as long as history is kept"),
    statements: measured("a change", [0.325, 0.0047], "begin and commit among them, at 27 edits a batch"),
  },
  /** Commits that wait for the disk, for each change at 64 requests at once: with more at once they are fewer. */
  syncs: {
    embedded: measured("a change", [0.034, 0], "one a batch, at 29 edits a batch"),
    shared: measured("a change", [0.0385, 0.0028], "syncs of the log ahead"),
  },
  /** What JetStream adds to the shared size, until it is measured: a message stands for a batch of deliveries. */
  queue: {
    broker: {
      change: { value: 0, unit: "µs", source: "assumed", note: "nothing is published for a change" },
      delivery: { value: 10, unit: "µs", source: "assumed", note: "of the three servers together" },
    },
  },
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
