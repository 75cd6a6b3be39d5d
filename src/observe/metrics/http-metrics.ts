import { Counter, Histogram, type Registry } from "prom-client";

/** `none`: nothing of ours was asked, or the bytes were no request. */
export const httpSurfaces = ["crm", "open", "admin", "none"] as const;
export type HttpSurface = (typeof httpSurfaces)[number];

export type HttpMetrics = {
  /** Begins to measure a request; what it gives back is called with the status of the answer, and gives the milliseconds since. */
  requestBegan(surface: HttpSurface): (status: number) => number;
};

const statusClasses = ["2xx", "3xx", "4xx", "5xx"] as const;

export function createHttpMetrics(registry: Registry): HttpMetrics {
  const registers = [registry];
  const requests = new Counter({
    name: "watchpost_http_requests_total",
    help: "Requests answered, by surface and class of status.",
    labelNames: ["surface", "status"],
    registers,
  });
  const durations = new Histogram({
    name: "watchpost_http_request_duration_seconds",
    help: "From a request's head to its answer.",
    labelNames: ["surface"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  for (const surface of httpSurfaces) for (const status of statusClasses) requests.inc({ surface, status }, 0);
  return {
    requestBegan: (surface) => {
      const end = durations.startTimer({ surface });
      return (status) => {
        requests.inc({ surface, status: `${Math.trunc(status / 100)}xx` });
        return end() * 1_000;
      };
    },
  };
}
