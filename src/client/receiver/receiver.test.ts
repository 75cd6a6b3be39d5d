import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Webhook } from "standardwebhooks";
import type { Notification } from "./notification.ts";
import { type ReceiverOptions, type RefusalReason, createReceiver } from "./receiver.ts";
import type { SeenStore } from "./seen.ts";

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const otherSecret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const startedAt = Date.UTC(2026, 0, 15, 9, 30, 0);

function bodyOf(change: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    server_time: startedAt,
    query_params: {},
    module: "Deals",
    resource_uri: "http://127.0.0.1/crm/v2/Deals",
    ids: ["554023000100000005"],
    affected_fields: [{ "554023000100000005": ["Stage"] }],
    operation: "update",
    channel_id: "1000000068001",
    token: "the token",
    ...change,
  });
}

type Sent = {
  readonly body?: string;
  readonly id?: string;
  readonly at?: number;
  readonly signedBy?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
};

/** A POST as Watchpost makes it; `signedBy: null` is one as Zoho makes it. */
function post({ body = bodyOf(), id = "msg_1", at = startedAt, signedBy = secret, headers = {} }: Sent = {}): Request {
  const request = new Request("http://127.0.0.1/callback", { method: "POST", body, headers });
  if (signedBy === null) return request;
  request.headers.set("webhook-id", id);
  request.headers.set("webhook-timestamp", String(Math.floor(at / 1_000)));
  request.headers.set("webhook-signature", new Webhook(signedBy).sign(id, new Date(at), body));
  return request;
}

/** A receiver that writes down what its handler got and why it refused. */
function world(options: Partial<ReceiverOptions> = { secret }) {
  const handled: Notification[] = [];
  const refused: (RefusalReason | null)[] = [];
  const receiver = createReceiver({
    now: () => startedAt,
    onNotification: (notification) => void handled.push(notification),
    onRefused: ({ reason }) => void refused.push(reason),
    ...options,
  });
  const send = async (request: Request): Promise<readonly [number, unknown]> => {
    const answer = await receiver.fetch(request);
    return [answer.status, await answer.json()];
  };
  return { handled, refused, receiver, send };
}

const unauthorized = [401, { error: "unauthorized" }];

describe("verifying", () => {
  test("a signed notification reaches the handler, and its token does not", async () => {
    const { handled, send } = world({ secret, token: "the token" });
    assert.deepEqual(await send(post()), [200, { result: "handled" }]);
    assert.equal(handled.length, 1);
    assert.equal(handled[0]?.webhookId, "msg_1");
    assert.deepEqual(handled[0]?.ids, ["554023000100000005"]);
    assert.ok(!JSON.stringify(handled).includes("the token"));
  });

  test("with a token alone, a notification of Zoho's without a signature reaches the handler every time", async () => {
    const { handled, send } = world({ token: "the token" });
    assert.deepEqual(await send(post({ signedBy: null })), [200, { result: "handled" }]);
    assert.deepEqual(await send(post({ signedBy: null })), [200, { result: "handled" }]);
    assert.equal(handled.length, 2);
  });

  test("whatever does not verify gets one answer, and only the program is told why", async () => {
    const { handled, refused, send } = world({ secret, token: "the token" });
    const requests = [
      post({ signedBy: null }),
      post({ signedBy: otherSecret }),
      post({ at: startedAt - 301_000 }),
      post({ at: startedAt + 301_000 }),
      post({ body: bodyOf({ token: "another" }) }),
      post({ body: bodyOf({ token: null }) }),
    ];
    for (const request of requests) assert.deepEqual(await send(request), unauthorized);
    assert.deepEqual(refused, [
      "signature_missing",
      "signature_wrong",
      "timestamp_outside",
      "timestamp_outside",
      "token_wrong",
      "token_wrong",
    ]);
    assert.deepEqual(handled, []);
  });

  test("each channel is verified by its own secret and token, and an unknown channel by none", async () => {
    const secrets: Readonly<Record<string, string>> = { "1": secret, "2": otherSecret };
    const { refused, send } = world({
      secret: (channelId) => Promise.resolve(secrets[channelId] ?? null),
      token: (channelId) => (channelId === "3" ? "three" : null),
    });
    const to = (channelId: string, token: string | null): string => bodyOf({ channel_id: channelId, token });
    assert.equal((await send(post({ body: to("1", null) })))[0], 200);
    assert.equal((await send(post({ body: to("2", null), signedBy: otherSecret })))[0], 200);
    assert.equal((await send(post({ body: to("3", "three"), signedBy: null })))[0], 200);
    assert.deepEqual(await send(post({ body: to("2", null) })), unauthorized);
    assert.deepEqual(await send(post({ body: to("3", null) })), unauthorized);
    assert.deepEqual(await send(post({ body: to("4", null) })), unauthorized);
    assert.deepEqual(refused, ["signature_wrong", "token_wrong", "channel_unknown"]);
  });

  test("what is no callback, too long or no POST is refused in a few words", async () => {
    const { send, handled } = world({ token: "the token", bodyBytesMax: 1_000 });
    assert.deepEqual(await send(post({ body: "<html>", signedBy: null })), [400, { error: "malformed" }]);
    assert.deepEqual(await send(post({ body: "", signedBy: null })), [400, { error: "malformed" }]);
    assert.deepEqual(await send(post({ body: bodyOf({ more: "x".repeat(1_000) }), signedBy: null })), [413, { error: "too_large" }]);
    assert.deepEqual(await send(new Request("http://127.0.0.1/callback")), [405, { error: "method_not_allowed" }]);
    assert.deepEqual(handled, []);
  });

  test("a request whose body was read before is a mistake of the program, and says so", async () => {
    const { receiver } = world();
    const request = post();
    await request.text();
    await assert.rejects(receiver.fetch(request), /the body was read before/);
  });
});

describe("copies", () => {
  test("a copy of what was handled is answered 200 and not handled, for four days", async () => {
    let now = startedAt;
    const { handled, send } = world({ secret, now: () => now });
    await send(post());
    now += 96 * 3_600_000 - 1;
    assert.deepEqual(await send(post({ at: now })), [200, { result: "duplicate" }]);
    assert.equal(handled.length, 1);
    now += 1;
    assert.deepEqual(await send(post({ at: now })), [200, { result: "handled" }]);
  });

  test("the same id from two channels is two notifications", async () => {
    const { handled, send } = world();
    await send(post());
    await send(post({ body: bodyOf({ channel_id: "2" }) }));
    assert.equal(handled.length, 2);
  });

  test("a notification whose handler failed is handled when it comes again", async () => {
    const errors: unknown[] = [];
    let isDown = true;
    const { send } = world({
      secret,
      onNotification: () => {
        if (isDown) throw new Error("the database is down");
      },
      onError: (error) => void errors.push(error),
    });
    assert.deepEqual(await send(post()), [500, { error: "failed" }]);
    isDown = false;
    assert.deepEqual(await send(post()), [200, { result: "handled" }]);
    assert.equal(errors.length, 1);
  });

  test("without onError the handler's error goes on to the framework, and the notification may come again", async () => {
    const fault = new Error("the database is down");
    const { receiver } = world({ secret, onNotification: () => Promise.reject(fault) });
    await assert.rejects(receiver.fetch(post()), fault);
    await assert.rejects(receiver.fetch(post()), fault);
  });

  test("a copy that comes while the first is being handled is told to come later, and lets go nothing of the first's", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    let calls = 0;
    const { receiver, send } = world({
      secret,
      onNotification: () => {
        calls += 1;
        begun.resolve();
        return promise;
      },
    });
    const first = receiver.fetch(post());
    // Signatures are checked beside each other: the first to ask need not be the first to be handled.
    await begun.promise;
    const second = await receiver.fetch(post());
    assert.equal(second.status, 503);
    assert.equal(second.headers.get("retry-after"), "10");
    assert.equal((await receiver.fetch(post())).status, 503);
    resolve();
    assert.equal((await first).status, 200);
    assert.deepEqual(await send(post()), [200, { result: "duplicate" }]);
    assert.equal(calls, 1);
  });

  test("a handler that takes longer than its claim does not keep a copy away", async () => {
    let now = startedAt;
    const never = new Promise<void>(() => undefined);
    const begun = Promise.withResolvers<void>();
    let calls = 0;
    const { receiver } = world({
      secret,
      now: () => now,
      claimSeconds: 60,
      onNotification: () => {
        begun.resolve();
        return (calls += 1) === 1 ? never : undefined;
      },
    });
    void receiver.fetch(post());
    await begun.promise;
    assert.equal((await receiver.fetch(post({ at: now }))).status, 503);
    now += 60_000;
    assert.equal((await receiver.fetch(post({ at: now }))).status, 200);
  });

  test("a replay of what was handled is dropped, and one of what was not is handled and says what it is", async () => {
    const { handled, send } = world();
    const headers = { "webhook-replay": "true" };
    assert.deepEqual(await send(post({ headers })), [200, { result: "handled" }]);
    assert.equal(handled[0]?.isReplay, true);
    assert.deepEqual(await send(post({ headers })), [200, { result: "duplicate" }]);
  });

  test("with replays again, a replay is handled again, but no copy of a request that was handled", async () => {
    let now = startedAt;
    const { handled, send } = world({ secret, replays: "again", now: () => now });
    const headers = { "webhook-replay": "true" };
    assert.deepEqual(await send(post()), [200, { result: "handled" }]);
    assert.deepEqual(await send(post({ headers })), [200, { result: "duplicate" }], "the header put on a copy of the first");
    now += 5_000;
    assert.deepEqual(await send(post({ headers, at: now })), [200, { result: "handled" }]);
    assert.deepEqual(await send(post({ headers, at: now })), [200, { result: "duplicate" }]);
    assert.deepEqual(await send(post({ at: now })), [200, { result: "duplicate" }]);
    assert.deepEqual(
      handled.map(({ isReplay }) => isReplay),
      [false, true],
    );
  });

  test("a store of one's own is asked, and a store that fails lets nothing be handled unremembered", async () => {
    const acts: string[] = [];
    const store: SeenStore = {
      claim: (key) => Promise.resolve(acts.push(`claim ${key}`) > 2 ? "kept" : "new"),
      keep: (key) => void acts.push(`keep ${key}`),
      release: (key) => void acts.push(`release ${key}`),
    };
    const { handled, receiver, send } = world({ secret, seen: store });
    await send(post());
    assert.deepEqual(await send(post()), [200, { result: "duplicate" }]);
    assert.deepEqual(acts, ["claim 1000000068001 msg_1", "keep 1000000068001 msg_1", "claim 1000000068001 msg_1"]);
    const broken = world({ secret, seen: { ...store, claim: () => Promise.reject(new Error("no store")) } });
    await assert.rejects(broken.receiver.fetch(post()), /no store/);
    assert.equal(broken.handled.length, 0);
    assert.equal(handled.length, 1);
    assert.ok(receiver.bodyBytesMax > 0);
  });

  test("seen: null handles every copy", async () => {
    const { handled, send } = world({ secret, seen: null });
    await send(post());
    await send(post());
    assert.equal(handled.length, 2);
  });
});

describe("options", () => {
  test("options that would let anyone in are refused at once, and no secret stands in the error", () => {
    const onNotification = (): void => undefined;
    const wrong: readonly (readonly [object, RegExp])[] = [
      [{ onNotification }, /a secret, a token or both/],
      [{ onNotification, token: "" }, /token is empty/],
      [{ onNotification, secret: [] }, /1 to 10 secrets/],
      [{ onNotification, secret: "" }, /whsec_ and a key/],
      [{ onNotification, secret: "whsec_***" }, /whsec_ and a key/],
      [{ onNotification, secret: [secret, "whsec_"] }, /whsec_ and a key/],
      [{ onNotification, secret: undefined, token: "x" }, /secret is undefined: leave it out/],
      [{ onNotification, secret, token: null }, /token is null: leave it out/],
      [{ onNotification, secret, toleranceSeconds: Number.NaN }, /toleranceSeconds/],
      [{ secret }, /onNotification/],
    ];
    for (const [options, message] of wrong) {
      assert.throws(
        () => createReceiver(options as ReceiverOptions),
        (error) => error instanceof TypeError && message.test(error.message) && !error.message.includes(secret),
        String(message),
      );
    }
  });

  test("an empty token from a lookup lets nobody in", async () => {
    const { receiver, handled } = world({ token: () => "" });
    await assert.rejects(receiver.fetch(post({ body: bodyOf({ token: null }), signedBy: null })), /token of a channel is empty/);
    assert.deepEqual(handled, []);
  });
});
