/** The two ceilings, as contenders: what a program reaches that sends the same and keeps nothing. */
import { Part } from "./part.ts";
import type { BarePutActs } from "./parts/bare-put.ts";
import type { CeilingActs } from "./parts/ceiling.ts";
import type { LoadActs } from "./parts/load.ts";
import type { Contender, Session } from "./session.ts";

export const c1Name = "C1: raw POSTs";
export const c2Name = "C2: bare PUT in, POST out";

export function openC1(session: Session, stack: AsyncDisposableStack): Contender {
  const ceiling = stack.use(new Part<CeilingActs>("./parts/ceiling.ts"));
  return {
    name: c1Name,
    run: async (forMs) => {
      const { posts, tookMs } = await ceiling.ask("post", { receiver: session.receiverUrl, forMs });
      return perSecond(posts, tookMs);
    },
  };
}

export async function openC2(session: Session, stack: AsyncDisposableStack): Promise<Contender> {
  const server = stack.use(new Part<BarePutActs>("./parts/bare-put.ts"));
  const load = stack.use(new Part<LoadActs>("./parts/load.ts"));
  const baseUrl = await server.ask("listen", { receiver: session.receiverUrl });
  const edits = { baseUrl, accessToken: "none", module: "Leads", recordIds: ["554023000100000001"], recordsPerWrite: 1 };
  return {
    name: c2Name,
    run: async (forMs) => {
      const startedMs = performance.now();
      return perSecond(await load.ask("closed", { edits, forMs }), performance.now() - startedMs);
    },
  };
}

export function perSecond(count: number, tookMs: number): number {
  return (count * 1_000) / tookMs;
}
