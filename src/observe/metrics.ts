/**
 * What the program counts, in Prometheus' text form. A registry a server and no global one, so that several run in one process. No label
 * holds an org, a channel, a module or a URL: each has a handful of values, named in the file that makes it.
 *
 * Adding one: a file in `metrics/` (or a line in one) makes it in the registry and gives back the function that notes it; a row in
 * docs/operations.md says what it means, and a test compares the two.
 */
import { Gauge, Registry, collectDefaultMetrics } from "prom-client";
import { type DispatchMetrics, createDispatchMetrics } from "./metrics/dispatch-metrics.ts";
import { type HttpMetrics, createHttpMetrics } from "./metrics/http-metrics.ts";
import { type LifecycleMetrics, createLifecycleMetrics } from "./metrics/lifecycle-metrics.ts";
import { type QueueMetrics, createQueueMetrics } from "./metrics/queue-metrics.ts";
import { type Sources, createStateMetrics } from "./metrics/state-metrics.ts";
import { type WriterMetrics, createWriterMetrics } from "./metrics/writer-metrics.ts";

export type Metrics = HttpMetrics &
  WriterMetrics &
  DispatchMetrics &
  QueueMetrics &
  LifecycleMetrics & {
    /** Where what is read at a scrape comes from, as the parts come to be; what has no source yet has no value. */
    attach(sources: Partial<Sources>): void;
    render(): Promise<RenderedMetrics>;
    /** The names that are registered. */
    names(): readonly string[];
  };

export type RenderedMetrics = { readonly contentType: string; readonly text: string };

export type MetricsOptions = {
  /** Watchpost's own version. */
  readonly version: string;
  /** Whether the process is measured too: processor, memory, event loop, garbage collection. Its observers live as long as the process. */
  readonly ofProcess: boolean;
};

export function createMetrics({ version, ofProcess }: MetricsOptions): Metrics {
  const registry = new Registry();
  const registers = [registry];
  let sources: Partial<Sources> = {};
  new Gauge({ name: "watchpost_build_info", help: "1, with the version as a label.", labelNames: ["version", "node"], registers })
    .labels(version, process.version)
    .set(1);
  const state = createStateMetrics(registry, () => sources);
  if (ofProcess) collectDefaultMetrics({ register: registry });
  return {
    ...createHttpMetrics(registry),
    ...createWriterMetrics(registry),
    ...createDispatchMetrics(registry),
    ...createQueueMetrics(registry),
    ...createLifecycleMetrics(registry),
    attach: (more) => {
      sources = { ...sources, ...more };
    },
    render: async () => {
      await state.refresh();
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
    names: () => registry.getMetricsAsArray().map((metric) => metric.name),
  };
}
