/** A receiver in a process of its own: answers 200 at once and tells its parent the webhook-id and the instant of each arrival. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export type Arrival = { readonly webhookId: string; readonly atMs: number };

const server = createServer((request, response) => {
  request.resume().on("end", () => {
    const arrival: Arrival = { webhookId: String(request.headers["webhook-id"]), atMs: performance.timeOrigin + performance.now() };
    response.end();
    process.send?.(arrival);
  });
});
server.listen(0, "127.0.0.1", () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
process.on("disconnect", () => {
  server.closeAllConnections();
  server.close();
});
