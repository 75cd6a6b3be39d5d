/** C2: a server that stores nothing: each PUT makes one POST to the receiver and is answered after it. */
import Fastify from "fastify";
import { Pool } from "undici";
import { limits } from "../../../src/core/limits.ts";
import { exchange } from "../exchange.ts";
import { sampleNotification } from "../notification.ts";
import { play } from "../part.ts";

const server = Fastify();

export type BarePutActs = typeof acts;
const acts = play({
  /** Begins to listen; gives its origin. */
  listen: async ({ receiver }: { readonly receiver: string }): Promise<string> => {
    const pool = new Pool(receiver, { connections: limits.deliveriesInFlightPerOriginMax, pipelining: 1 });
    const { body, headers } = sampleNotification(`${receiver}/`);
    const post = { method: "POST", path: "/", headers, body: Buffer.from(body) } as const;
    server.put("/*", async () => {
      await exchange(pool, post);
      return { data: [{ code: "SUCCESS", status: "success" }] };
    });
    return server.listen({ host: "127.0.0.1", port: 0 });
  },
});
