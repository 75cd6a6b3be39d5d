/** What one attempt came to, as the attempt log has it: delivered with 200, unless `over` says otherwise. */
import type { AttemptEntry } from "../../src/core/attempt.ts";

export function attemptEntry(over: Partial<AttemptEntry> = {}): AttemptEntry {
  return {
    startedAt: 1,
    durationMs: 1,
    outcome: "delivered",
    httpStatus: 200,
    error: null,
    responseBody: null,
    responseHeaders: null,
    ...over,
  };
}
