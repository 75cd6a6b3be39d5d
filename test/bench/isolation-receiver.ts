/**
 * Receivers in a process of their own: as many hosts as the first argument says, each on its own port. The first never answers when the
 * second argument says so; the others answer 200 at once. Tells its parent the ports, and then the webhook-id, path and instant of each arrival.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export type Arrival = { readonly webhookId: string; readonly path: string; readonly atMs: number };
export type FromReceiver = { readonly ports: readonly number[] } | { readonly arrivals: readonly Arrival[] };

/** Arrivals go in parcels, so that telling of them takes little from those that arrive. */
const parcelMs = 20;

const [count = "1", hangs = ""] = process.argv.slice(2);
let arrivals: Arrival[] = [];
const servers = Array.from({ length: Number(count) }, (_, index) =>
  createServer((request, response) => {
    request.resume().on("end", () => {
      if (index === 0 && hangs === "hangs") return;
      const atMs = performance.timeOrigin + performance.now();
      arrivals.push({ webhookId: String(request.headers["webhook-id"]), path: request.url ?? "", atMs });
      response.end();
    });
  }),
);
const parcels = setInterval(() => {
  if (arrivals.length === 0) return;
  process.send?.({ arrivals } satisfies FromReceiver);
  arrivals = [];
}, parcelMs);
await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))));
process.send?.({ ports: servers.map((server) => (server.address() as AddressInfo).port) } satisfies FromReceiver);
process.on("disconnect", () => {
  clearInterval(parcels);
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});
