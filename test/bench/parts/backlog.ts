/** A store with a backlog: made through the port, with a look at what a claim costs on the way. */
import { settlementOf } from "../../../src/core/attempt.ts";
import { limits } from "../../../src/core/limits.ts";
import { wholeRoom } from "../../../src/core/claim-room.ts";
import { Filling } from "../filling.ts";
import { play } from "../part.ts";
import { median } from "../statistics.ts";

const channels = 16;
const warmUpTurns = 5;
const claimsTimed = 20;

export type BacklogActs = typeof acts;
const acts = play({
  /** Fills the folder with so many pending deliveries for the receiver; at each size it gives what a claim costs, in µs a delivery. */
  fill: async ({ folder, receiver, sizes }: { readonly folder: string; readonly receiver: string; readonly sizes: readonly number[] }) => {
    await using filling = await Filling.open(folder);
    for (let id = 1; id <= channels; id += 1) await filling.app.subscribe(String(id), ["Leads.edit"], { notify_url: `${receiver}/` });
    const rows = await filling.channels();
    const costs: { readonly size: number; readonly claimMicroseconds: number }[] = [];
    let filled = 0;
    for (const size of sizes) {
      await filling.addPending(rows, filled, size);
      filled = size;
      costs.push({ size, claimMicroseconds: await claimCost(filling) });
    }
    return costs;
  },
});

/** Claims a full batch and gives it back, again and again; the first turns only warm it up. */
async function claimCost({ app }: Filling): Promise<number> {
  const costs: number[] = [];
  for (let turn = 0; turn < warmUpTurns + claimsTimed; turn += 1) {
    const startedMs = performance.now();
    const { claims } = await app.run("dispatch.claim", { limit: limits.claimBatchMax, leaseMs: limits.leaseMs, room: wholeRoom });
    if (turn >= warmUpTurns) costs.push(((performance.now() - startedMs) * 1_000) / claims.length);
    const settlements = claims.map((claim) => settlementOf(claim, { end: "released", attempt: null, retryAfterMs: null }));
    await app.run("dispatch.settle", { settlements });
  }
  return median(costs);
}
