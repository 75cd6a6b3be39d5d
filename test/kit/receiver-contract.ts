/**
 * What a receiver does in every framework: one contract, run by real requests over a connection in each. The framework's test brings a
 * server whose `/callback` is the receiver, and whose `/json` is a route of its own that reads JSON as the framework does.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Webhook } from "standardwebhooks";
import { type Notification, type Receiver, type ReceiverOptions, createReceiver } from "../../src/client/receiver/index.ts";
import { type Answer, send } from "../support/client.ts";
import { at } from "../support/json.ts";

export const contractSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
export const contractToken = "the token";

export type Served = { readonly baseUrl: string } & AsyncDisposable;
export type Serve = (receiver: Receiver) => Promise<Served>;

/** Bytes that a parser would change on the way: spaces, a long number, escapes, an order of keys. */
export const contractBody =
  `{ "token":"${contractToken}",  "channel_id" : 9223372036854775807,\n "module":"Deals","operation":"update","ids":["554023000100000005"],` +
  String.raw`"affected_fields":[{"554023000100000005":["Stage"]}],"affected_values":[{"record_id":"554023000100000005","values":{"Stage":"Z\u00fcrich ü \/"}}]}`;

export function signed(body: string, id = "msg_1"): Readonly<Record<string, string>> {
  const now = new Date();
  return {
    "Content-Type": "application/json;charset=UTF-8",
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(now.getTime() / 1_000)),
    "webhook-signature": new Webhook(contractSecret).sign(id, now, body),
  };
}

export function postCallback(baseUrl: string, body: string, headers: Readonly<Record<string, string>> = signed(body)): Promise<Answer> {
  return send(baseUrl, { method: "POST", path: "/callback?key=value", headers, body });
}

/** A receiver that writes down what it handles, served. */
export async function serveReceiver(
  serve: Serve,
  options: Partial<ReceiverOptions> = {},
): Promise<Served & { readonly handled: Notification[] }> {
  const handled: Notification[] = [];
  const onNotification = (notification: Notification): void => void handled.push(notification);
  const served = await serve(createReceiver({ secret: contractSecret, token: contractToken, onNotification, ...options }));
  return { handled, baseUrl: served.baseUrl, [Symbol.asyncDispose]: () => served[Symbol.asyncDispose]() };
}

/** `badJson`: who answers a body that is no JSON; a parser of the framework that runs before the receiver has its own words for it. */
export function receiverContract(framework: string, serve: Serve, badJson: "receiver" | "framework" = "receiver"): void {
  void describe(`a receiver in ${framework}`, () => {
    void test("hands a signed notification on, its bytes exact and its ids whole", async () => {
      await using served = await serveReceiver(serve);
      const answer = await postCallback(served.baseUrl, contractBody);
      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual(answer.body, { result: "handled" });
      assert.equal(answer.headers["content-type"], "application/json;charset=UTF-8");
      assert.equal(served.handled[0]?.channelId, "9223372036854775807");
      assert.deepEqual(served.handled[0].affectedValues, { "554023000100000005": { Stage: "Zürich ü /" } });
    });

    void test("does so whatever the Content-Type says, and when there is none", async () => {
      await using served = await serveReceiver(serve);
      for (const [index, type] of ["text/plain", "application/x-www-form-urlencoded", "application/octet-stream", null].entries()) {
        const { "Content-Type": _, ...headers } = signed(contractBody, `msg_${index}`);
        const answer = await postCallback(served.baseUrl, contractBody, type === null ? headers : { ...headers, "Content-Type": type });
        assert.equal(answer.status, 200, `${String(type)}: ${answer.text}`);
      }
      assert.equal(served.handled.length, 4);
    });

    void test("answers a copy with 200 and handles it once", async () => {
      await using served = await serveReceiver(serve);
      await postCallback(served.baseUrl, contractBody);
      const copy = await postCallback(served.baseUrl, contractBody);
      assert.deepEqual([copy.status, copy.body], [200, { result: "duplicate" }]);
      assert.equal(served.handled.length, 1);
    });

    void test("refuses what is not signed, changed, malformed, empty or too long, in a few words", async () => {
      await using served = await serveReceiver(serve, { bodyBytesMax: 2_000 });
      const long = contractBody.replace("Deals", "D".repeat(200_000));
      const cases: readonly (readonly [body: string, headers: Readonly<Record<string, string>>, status: number, error: string])[] = [
        [contractBody, { "Content-Type": "application/json" }, 401, "unauthorized"],
        [contractBody.replace("Stage", "Stages"), signed(contractBody), 401, "unauthorized"],
        ["<html>", signed("<html>"), 400, "malformed"],
        ["", signed(""), 400, "malformed"],
        [long, signed(long), 413, "too_large"],
      ];
      for (const [body, headers, status, error] of cases) {
        const answer = await postCallback(served.baseUrl, body, headers);
        assert.equal(answer.status, status);
        if (error !== "malformed" || badJson === "receiver") assert.equal(answer.text, JSON.stringify({ error }));
      }
      assert.deepEqual(served.handled, []);
    });

    void test("asks for another try when the handler fails, and reports what it threw", async () => {
      const errors: unknown[] = [];
      const fault = new Error("the database is down, password hunter2");
      const onNotification = (): Promise<void> => (errors.length === 0 ? Promise.reject(fault) : Promise.resolve());
      await using served = await serveReceiver(serve, { onNotification, onError: (error) => void errors.push(error) });
      const first = await postCallback(served.baseUrl, contractBody);
      assert.deepEqual([first.status, first.text], [500, '{"error":"failed"}']);
      assert.deepEqual(errors, [fault]);
      assert.equal((await postCallback(served.baseUrl, contractBody)).status, 200);
    });

    void test("leaves what the app's other routes read as it is", async () => {
      await using served = await serveReceiver(serve);
      const headers = { "Content-Type": "application/json" };
      const answer = await send(served.baseUrl, { method: "POST", path: "/json", headers, body: { a: 1 } });
      assert.equal(at(answer.body, "read", "a"), 1, answer.text);
    });
  });
}
