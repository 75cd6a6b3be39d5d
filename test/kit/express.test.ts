/** The kit inside the real Express, and under Node's own server. */
import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import express from "express";
import { type Receiver, expressHandler, keepRawBody } from "../../src/client/receiver/index.ts";
import { contractBody, postCallback, receiverContract, serveReceiver } from "./receiver-contract.ts";
import type { Served } from "./receiver-contract.ts";

async function listen(server: http.Server): Promise<Served> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const dispose = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { baseUrl, [Symbol.asyncDispose]: dispose };
}

function serveApp(app: express.Express): Promise<Served> {
  app.post("/json", express.json(), (request, response) => void response.json({ read: request.body }));
  return listen(http.createServer(app));
}

/** An app in which `before` runs before the receiver. */
function after(...before: readonly express.RequestHandler[]): (receiver: Receiver) => Promise<Served> {
  return (receiver) => {
    const app = express();
    for (const handler of before) app.use(handler);
    app.post("/callback", expressHandler(receiver));
    return serveApp(app);
  };
}

receiverContract("Express", after());
receiverContract(
  "Express, behind express.json({ verify: keepRawBody })",
  after(express.json({ verify: keepRawBody, limit: "1mb" })),
  "framework",
);
receiverContract("Express, behind express.raw()", (receiver) => {
  const app = express();
  app.post("/callback", express.raw({ type: "*/*", limit: "1mb" }), expressHandler(receiver));
  return serveApp(app);
});

for (const [name, parser] of [
  ["json", express.json()],
  ["text", express.text({ type: "*/*" })],
] as const) {
  test(`behind express.${name}() alone the receiver handles nothing and says what to change`, async () => {
    const errors: unknown[] = [];
    await using served = await serveReceiver((receiver) => {
      const app = express();
      app.use(parser);
      app.post("/callback", expressHandler(receiver));
      // oxlint-disable-next-line max-params -- Express knows an error handler by its four parameters
      const report: express.ErrorRequestHandler = (error, _request, response, _next) => {
        errors.push(error);
        response.status(500).end();
      };
      app.use(report);
      return listen(http.createServer(app));
    });
    const answer = await postCallback(served.baseUrl, contractBody);
    assert.equal(answer.status, 500);
    assert.equal(served.handled.length, 0);
    assert.match(String(errors[0]), /mount the receiver before express\.json\(\), or use express\.json\(\{ verify: keepRawBody \}\)/);
  });
}

test("under node:http alone, without next, the handler's error is answered in a few words", async () => {
  const onNotification = (): never => {
    throw new Error("the database is down");
  };
  await using served = await serveReceiver((receiver) => listen(http.createServer(expressHandler(receiver))), { onNotification });
  const answer = await postCallback(served.baseUrl, contractBody);
  assert.deepEqual([answer.status, answer.text], [500, '{"error":"failed"}']);
});

test("a sender that leaves halfway is no notification, and the server goes on", async () => {
  const gone = Promise.withResolvers<unknown>();
  await using served = await serveReceiver((receiver) => {
    const handler = expressHandler(receiver);
    return listen(http.createServer((request, response) => handler(request, response, gone.resolve)));
  });
  const request = http.request(`${served.baseUrl}/callback`, { method: "POST", headers: { "Content-Length": "1000" } });
  request.on("error", () => undefined); // Expected: it is cut off by us.
  request.write("{", () => request.destroy());
  assert.match(String(await gone.promise), /aborted|left before/);
  assert.equal((await postCallback(served.baseUrl, contractBody)).status, 200);
});
