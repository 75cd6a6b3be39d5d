import { Counter, Histogram, type Registry } from "prom-client";

/** What a batch was, as the engine reports it. */
export type BatchNote = {
  readonly commands: number;
  readonly durationMs: number;
  readonly commitMs: number;
  readonly hasFailed: boolean;
  readonly recordsWritten: number;
  readonly changesCommitted: number;
  readonly deliveriesMade: number;
  readonly settled: Readonly<Record<EndState, number>>;
};

const endStates = ["delivered", "dead", "cancelled"] as const;
type EndState = (typeof endStates)[number];

export type WriterMetrics = {
  batchDone(batch: BatchNote): void;
  rowsPurged(rows: number): void;
};

const seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export function createWriterMetrics(registry: Registry): WriterMetrics {
  const registers = [registry];
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
  const records = counter(
    "watchpost_records_written_total",
    "Records that writes inserted, updated or deleted, those that stayed as they were among them.",
  );
  const changes = counter("watchpost_changes_committed_total", "Changes of records and users that were committed.");
  const deliveries = counter("watchpost_deliveries_made_total", "Deliveries that came to be owed.");
  const settled = new Counter({
    name: "watchpost_deliveries_settled_total",
    help: "Deliveries that ended, by how.",
    labelNames: ["state"],
    registers,
  });
  for (const state of endStates) settled.inc({ state }, 0);
  const failed = counter("watchpost_writer_failed_commits_total", "Batches whose commit failed; nothing of them was kept.");
  const purged = counter(
    "watchpost_purged_rows_total",
    "Deliveries, changes and channels removed because they were older than they are kept.",
  );
  const sizes = new Histogram({
    name: "watchpost_writer_batch_commands",
    help: "Commands that shared one commit.",
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
    registers,
  });
  const batches = new Histogram({
    name: "watchpost_writer_batch_duration_seconds",
    help: "From the first command of a batch to its durable end.",
    buckets: seconds,
    registers,
  });
  const commits = new Histogram({
    name: "watchpost_writer_commit_duration_seconds",
    help: "The commit alone, the write to the disk included.",
    buckets: seconds,
    registers,
  });
  return {
    batchDone: (batch) => {
      sizes.observe(batch.commands);
      batches.observe(batch.durationMs / 1_000);
      if (batch.hasFailed) {
        failed.inc();
        return;
      }
      commits.observe(batch.commitMs / 1_000);
      records.inc(batch.recordsWritten);
      changes.inc(batch.changesCommitted);
      deliveries.inc(batch.deliveriesMade);
      for (const state of endStates) if (batch.settled[state] > 0) settled.inc({ state }, batch.settled[state]);
    },
    rowsPurged: (rows) => purged.inc(rows),
  };
}
