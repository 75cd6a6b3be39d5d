/** C1: raw POSTs of the same body from one process to the same receiver, over one pool, with as many under way as the dispatcher has. */
import { Pool } from "undici";
import { limits } from "../../../src/core/limits.ts";
import { exchange } from "../exchange.ts";
import { sampleNotification } from "../notification.ts";
import { play } from "../part.ts";

const inFlight = limits.deliveriesInFlightPerOriginMax;
let pool: Pool | null = null;

export type CeilingActs = typeof acts;
const acts = play({
  /** POSTs for so long; gives how many were answered and how long it took, to the last answer. */
  post: async ({ receiver, forMs }: { readonly receiver: string; readonly forMs: number }) => {
    const open = (pool ??= new Pool(receiver, { connections: inFlight, pipelining: 1 }));
    const { body, headers } = sampleNotification(`${receiver}/`);
    const request = { method: "POST", path: "/", headers, body: Buffer.from(body) } as const;
    const startedMs = performance.now();
    let posts = 0;
    const one = async () => {
      while (performance.now() - startedMs < forMs) {
        await exchange(open, request);
        posts += 1;
      }
    };
    await Promise.all(Array.from({ length: inFlight }, one));
    return { posts, tookMs: performance.now() - startedMs };
  },
});
