/** The second half of the demo: edits, what they notify and what they do not, a receiver that was away, and the end of the channel. */
import { isDeepStrictEqual } from "node:util";
import type { Callback } from "./callback.ts";
import { isSigned, nextCallback } from "./callback.ts";
import type { Child } from "./child.ts";
import type { Api, Deal, ReceiverProcess } from "./connect-steps.ts";
import type { Exchange } from "./exchange.ts";
import { at, expect, expectStatus, listAt, textAt } from "./exchange.ts";
import type { Narrator, Step } from "./narrator.ts";
import { channelId, channelToken, notifyParams } from "./watch-body.ts";

export type Scene = {
  readonly crm: Api;
  readonly admin: Api;
  readonly deal: Deal;
  /** The channel's signing secret. */
  readonly secret: string;
};

const callbackMs = 10_000;
/** The first retry is made after 5 s, varied by a fifth. */
const retryMs = 15_000;
const pollMs = 20;

export function notifyStep(scene: Scene, receiver: Child): Step<null> {
  return {
    name: "edit_and_notify",
    title: "Edit Stage and Probability of the Deal, and see the notification arrive",
    act: async () => {
      const edited = await edit(scene, { Stage: "Proposal/Price Quote", Probability: 75 });
      const callback = await nextCallback(receiver, callbackMs);
      checkCallback(scene, callback, { Stage: "Proposal/Price Quote", Probability: 75 });
      const delivery = await newestDelivery(scene.admin);
      const commitToArrivalMs = callback.arrivedAtMs - Date.parse(textAt(delivery, "committed_at"));
      const { url, headers, body } = callback;
      return {
        value: null,
        parts: [
          { kind: "exchange", exchange: edited },
          { kind: "fact", text: "" },
          { kind: "callback", callback },
          { kind: "fact", text: `the signature is right; ${String(commitToArrivalMs)} ms from commit to arrival` },
        ],
        facts: { commit_to_arrival_ms: commitToArrivalMs, callback: { url, headers, body } },
      };
    },
  };
}

export function silentStep(scene: Scene): Step<null> {
  return {
    name: "edit_without_match",
    title: "Edit Amount alone: the condition does not hold, so nothing is owed",
    act: async () => {
      const before = await deliveries(scene.admin);
      const edited = await edit(scene, { Amount: 13_750 });
      // What a write owes is committed with it, so the log is complete as soon as the write has been answered.
      const after = await deliveries(scene.admin);
      expect(after.length === before.length, `no delivery for it, came ${String(after.length - before.length)}`);
      return {
        value: null,
        parts: [
          { kind: "exchange", exchange: edited },
          { kind: "fact", text: `the delivery log still has ${String(after.length)} entry` },
        ],
        facts: { deliveries: after.length },
      };
    },
  };
}

export type RetryPlan = {
  readonly receiver: ReceiverProcess;
  readonly restart: (port: number) => Promise<ReceiverProcess>;
  readonly narrator: Narrator;
};

export function retryStep(scene: Scene, { receiver, restart, narrator }: RetryPlan): Step<ReceiverProcess> {
  return {
    name: "retry",
    title: "Take the receiver down, edit again, bring it up, and see the retry arrive",
    act: async () => {
      await receiver.child.stop();
      await edit(scene, { Stage: "Closed Won", Probability: 100 });
      const failed = await deliveryWith(scene.admin, { status: "pending", attempts_made: 1 });
      const detail = await scene.admin({ method: "GET", path: `/api/v1/deliveries/${textAt(failed, "webhook_id")}` });
      expectStatus(detail, 200);
      const fault = textAt(detail.responseBody, "delivery", "attempts", 0, "error");
      const waitMs = Math.max(0, Date.parse(textAt(failed, "due_at")) - Date.now());
      narrator.note(`attempt 1: ${fault}`);
      const restarted = await restart(receiver.port);
      narrator.note(`the receiver is up again; attempt 2 is due in ${(waitMs / 1_000).toFixed(1)} s`);
      const callback = await nextCallback(restarted.child, retryMs);
      checkCallback(scene, callback, { Stage: "Closed Won", Probability: 100 });
      const webhookId = textAt(callback.headers, "webhook-id");
      expect(webhookId === at(failed, "webhook_id"), "the retry to bear the same webhook-id");
      await deliveryWith(scene.admin, { status: "delivered", attempts_made: 2 });
      const text = `${webhookId} arrived at the second attempt, with the same id and a right signature`;
      return { value: restarted, parts: [{ kind: "fact", text }], facts: { webhook_id: webhookId, attempts: 2, first_error: fault } };
    },
  };
}

export function disableStep(scene: Scene, receiver: Child): Step<null> {
  return {
    name: "disable",
    title: "Disable the channel; what is edited afterwards notifies nobody",
    act: async () => {
      const disabled = await scene.crm({ method: "DELETE", path: `/crm/v6/actions/watch?channel_ids=${channelId}` });
      expectStatus(disabled, 200);
      const before = await deliveries(scene.admin);
      await edit(scene, { Stage: "Closed Lost", Probability: 0 });
      const after = await deliveries(scene.admin);
      expect(after.length === before.length, "no delivery after the channel was disabled");
      expect(receiver.unreadLines() === 0, "the receiver to have heard nothing else");
      return { value: null, parts: [{ kind: "exchange", exchange: disabled }], facts: { response: disabled.responseBody } };
    },
  };
}

export function stopServerStep(server: Child): Step<null> {
  return {
    name: "stop_server",
    title: "Stop the server with SIGTERM",
    act: async () => {
      const code = await server.stop();
      expect(code === 0, `exit code 0, came ${String(code)}`);
      return { value: null, parts: [{ kind: "fact", text: "it drained and exited with 0" }], facts: { exit_code: code } };
    },
  };
}

async function edit({ crm, deal }: Scene, values: Readonly<Record<string, unknown>>): Promise<Exchange> {
  const answered = await crm({ method: "PUT", path: `/crm/v6/Deals/${deal.id}`, body: { data: [values] } });
  expectStatus(answered, 200);
  return answered;
}

function checkCallback({ deal, secret }: Scene, callback: Callback, values: Readonly<Record<string, unknown>>): void {
  const { body } = callback;
  expect(at(body, "channel_id") === channelId, "the channel's id in the callback");
  expect(at(body, "token") === channelToken, "the channel's token in the callback");
  expect(at(body, "operation") === "update", "the operation update");
  expect(isDeepStrictEqual(at(body, "ids"), [deal.id]), "the id of the Deal");
  expect(isDeepStrictEqual(at(body, "query_params"), notifyParams), "the parameters of the notify_url");
  expect(
    isDeepStrictEqual(at(body, "affected_fields"), [{ [deal.id]: ["Stage", "Probability"] }]),
    "Stage and Probability as affected fields",
  );
  expect(isDeepStrictEqual(at(body, "affected_values"), [{ record_id: deal.id, values }]), "the new values of the affected fields");
  expect(isSigned(callback, secret), "a signature made with the channel's secret");
}

/** The channel's deliveries, the newest first. */
async function deliveries(admin: Api): Promise<readonly unknown[]> {
  const listed = await admin({ method: "GET", path: `/api/v1/deliveries?channel=${channelId}` });
  expectStatus(listed, 200);
  return listAt(listed.responseBody, "deliveries");
}

async function newestDelivery(admin: Api): Promise<unknown> {
  const [newest] = await deliveries(admin);
  expect(newest !== undefined, "a delivery in the log");
  return newest;
}

/** The newest delivery, once it has come to this state. */
async function deliveryWith(admin: Api, state: Readonly<Record<string, unknown>>): Promise<unknown> {
  const endsAt = Date.now() + callbackMs;
  for (;;) {
    const newest = await newestDelivery(admin);
    if (Object.entries(state).every(([key, value]) => at(newest, key) === value)) return newest;
    expect(Date.now() < endsAt, `a delivery that is ${JSON.stringify(state)}, came ${JSON.stringify(newest)}`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
