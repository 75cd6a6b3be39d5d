/** The kit inside the real Hono, on its server for Node and called with plain requests. */
import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { createReceiver, honoHandler } from "../../src/client/receiver/index.ts";
import type { Receiver } from "../../src/client/receiver/index.ts";
import { contractBody, contractSecret, receiverContract, signed } from "./receiver-contract.ts";
import type { Served } from "./receiver-contract.ts";

/** `readsFirst`: something before the receiver has read the body, as a logger may. */
function serving(readsFirst: "json" | "text" | null): (receiver: Receiver) => Promise<Served> {
  return async (receiver) => {
    const app = new Hono();
    app.use(async ({ req }, next) => {
      // Expected: a body that is no JSON.
      if (readsFirst !== null) await req[readsFirst]().catch(() => undefined);
      await next();
    });
    app.post("/json", async (context) => context.json({ read: await context.req.json() }));
    app.post("/callback", honoHandler(receiver));
    const server = createAdaptorServer({ fetch: app.fetch });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const dispose = async (): Promise<void> => {
      server.close();
      if ("closeAllConnections" in server) server.closeAllConnections();
      await once(server, "close");
    };
    return { baseUrl, [Symbol.asyncDispose]: dispose };
  };
}

receiverContract("Hono", serving(null));
receiverContract("Hono, behind something that has read the body as JSON", serving("json"));
receiverContract("Hono, behind something that has read the body as text", serving("text"));

test("in Hono, a handler's error without onError comes to app.onError", async () => {
  const fault = new Error("the database is down");
  const receiver = createReceiver({ secret: contractSecret, onNotification: () => Promise.reject(fault) });
  const errors: unknown[] = [];
  const app = new Hono();
  app.post("/callback", honoHandler(receiver));
  app.onError((error, context) => {
    errors.push(error);
    return context.text("ours", 500);
  });
  const answer = await app.request("/callback", { method: "POST", body: contractBody, headers: signed(contractBody) });
  assert.equal(await answer.text(), "ours");
  assert.deepEqual(errors, [fault]);
});
