/** The kit inside the real Fastify. */
import assert from "node:assert/strict";
import { test } from "node:test";
import Fastify from "fastify";
import { type Receiver, fastifyPlugin } from "../../src/client/receiver/index.ts";
import { contractBody, postCallback, receiverContract, serveReceiver } from "./receiver-contract.ts";
import type { Served } from "./receiver-contract.ts";

async function serve(receiver: Receiver): Promise<Served> {
  const app = Fastify();
  app.post("/json", (request) => ({ read: request.body }));
  await app.register(fastifyPlugin(receiver), { path: "/callback" });
  const baseUrl = await app.listen({ host: "127.0.0.1", port: 0 });
  return { baseUrl, [Symbol.asyncDispose]: () => app.close() };
}

receiverContract("Fastify", serve);

test("in Fastify, a handler's error without onError comes to the app's error handler", async () => {
  const errors: unknown[] = [];
  const fault = new Error("the database is down");
  const serveCounting = async (receiver: Receiver): Promise<Served> => {
    const app = Fastify();
    app.setErrorHandler((error, _request, reply) => {
      errors.push(error);
      return reply.code(500).send("ours");
    });
    await app.register(fastifyPlugin(receiver), { prefix: "/callback" });
    const baseUrl = await app.listen({ host: "127.0.0.1", port: 0 });
    return { baseUrl, [Symbol.asyncDispose]: () => app.close() };
  };
  await using served = await serveReceiver(serveCounting, { onNotification: () => Promise.reject(fault) });
  assert.equal((await postCallback(served.baseUrl, contractBody)).text, "ours");
  assert.deepEqual(errors, [fault]);
});
