/** What becomes of a batch's report: it is counted, and what is worth a line is logged. */
import type { DisableCause } from "../core/channel.ts";
import type { Events } from "./events.ts";
import type { LifecycleMetrics } from "./metrics/lifecycle-metrics.ts";
import type { BatchNote, WriterMetrics } from "./metrics/writer-metrics.ts";

/** A batch as the engine reports it. */
export type BatchReport = {
  readonly commands: number;
  readonly durationMs: number;
  readonly commitMs: number;
  readonly tally: Omit<BatchNote, "commands" | "durationMs" | "commitMs" | "hasFailed"> & {
    readonly beats: number;
    readonly disabled: readonly {
      readonly org: number;
      readonly channelKey: number;
      readonly channelId: string;
      readonly cause: DisableCause;
      readonly failingSince: number | null;
    }[];
  };
  readonly fault: { readonly fault: string } | null;
};

export type BatchNotesOptions = {
  readonly metrics: Pick<WriterMetrics & LifecycleMetrics, "batchDone" | "channelDisabled">;
  readonly events: Pick<Events, "channelDisabled" | "commitFaulted" | "commitRecovered">;
};

/** Gives the function that hears of each batch. Failed commits are logged once a streak. */
export function createBatchNotes({ metrics, events }: BatchNotesOptions): (report: BatchReport) => void {
  let failed = 0;
  return ({ commands, durationMs, commitMs, tally, fault }) => {
    const { disabled, beats, ...did } = tally;
    metrics.batchDone({ commands, durationMs, commitMs, hasFailed: fault !== null, ...did });
    if (fault !== null) {
      if (failed === 0) events.commitFaulted({ commands, fault: fault.fault });
      failed += 1;
      return;
    }
    // Reading works on a full disk; only what writes ends the streak.
    if (failed > 0 && beats + did.changesCommitted === 0) return;
    if (failed > 0) events.commitRecovered({ batches: failed });
    failed = 0;
    for (const channel of disabled) {
      metrics.channelDisabled(channel.cause);
      events.channelDisabled(channel);
    }
  };
}
