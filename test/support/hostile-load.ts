/**
 * A process that delivers to ordinary receivers, so often that it has the memory which that many deliveries at once take, and then to
 * hostile ones; it says how much memory it had before and at most. Its parent gives it the URLs.
 */
import assert from "node:assert/strict";
import { deliver } from "./deliver-once.ts";

type Load = { readonly good: readonly string[]; readonly bad: readonly string[] };
/** Resident memory of the process. */
export type MemoryUse = { readonly beforeBytes: number; readonly peakBytes: number };

process.once("message", (load: Load) => void measure(load));

async function measure({ good, bad }: Load): Promise<void> {
  for (let round = 0; round < 10; round += 1) {
    const settled = await deliver(good);
    assert.ok(settled.every(({ end }) => end === "delivered"));
  }
  const beforeBytes = process.memoryUsage.rss();
  let peakBytes = beforeBytes;
  const sampling = setInterval(() => (peakBytes = Math.max(peakBytes, process.memoryUsage.rss())), 10);
  for (let round = 0; round < 3; round += 1) await deliver(bad);
  clearInterval(sampling);
  const use: MemoryUse = { beforeBytes, peakBytes };
  process.send?.(use, () => process.disconnect());
}
