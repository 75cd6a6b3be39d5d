/** Answers of the admin API's contract, for the endpoints that the server of this checkout has not got yet. */
import type { Canned } from "./admin-gateway.ts";
import { Stream } from "./admin-gateway.ts";

const at = "2026-11-25T10:00:00.000Z";

export const deliveryRow = {
  id: 1795410562690001,
  webhook_id: "msg_1795410562690001",
  org: "554023000",
  channel_id: "1000000068001",
  channel_key: 1,
  module: "Deals",
  operation: "update",
  record_ids: ["554023000100000005"],
  status: "pending",
  attempts_made: 0,
  committed_at: at,
  due_at: at,
  settled_at: null,
  replay_of: 1795410562690000,
  replayed_as: null,
  is_test: false,
};

export const changeRow = {
  id: 1795410562690009,
  org: "554023000",
  module: "Deals",
  record_id: "554023000100000005",
  operation: "update",
  changed_fields: ["Stage"],
  at,
  by: "554023000050000001",
  write: "w1",
};
export const changeDetail = { ...changeRow, before: { Stage: "Qualification" }, after: { Stage: "Negotiation/Review" } };

export const explanation = {
  change: changeDetail,
  channels: [
    {
      channel_key: 1,
      channel_id: "1000000068001",
      user_id: "554023000050000001",
      is_matched: true,
      is_related: false,
      reason: "matched",
      detail: "The operation is subscribed.",
      condition: null,
      deliveries: [{ id: deliveryRow.id, status: "delivered" }],
    },
    {
      channel_key: 2,
      channel_id: "1000000068002",
      user_id: "554023000050000001",
      is_matched: false,
      is_related: false,
      reason: "condition_not_met",
      detail: "Amount did not change.",
      condition: {
        kind: "group",
        operator: "and",
        is_met: false,
        members: [
          { kind: "field", field: "Stage", is_met: true },
          { kind: "field", field: "Amount", is_met: false },
        ],
      },
      deliveries: [],
    },
  ],
};

export const replayRow = {
  id: 7,
  what: "deliveries",
  org: null,
  channel_key: null,
  channel_id: null,
  module: null,
  record: null,
  status: "dead",
  from: at,
  until: null,
  rate_per_second: 100,
  state: "running",
  total: 1000,
  sent: 250,
  created_at: at,
  finished_at: null,
};

export const channelRow = {
  key: 1,
  org: "554023000",
  user_id: "554023000050000001",
  channel_id: "1000000068001",
  notify_url: "http://127.0.0.1:9000/callback?with=a-rather-long-query-that-does-not-fit-a-narrow-terminal",
  modules: ["Deals", "Leads"],
  expires_at: "2099-11-25T10:00:00.000Z",
  is_secret_shown: false,
  previous_secret_until: null,
  state: "active",
  cause: null,
  state_since: at,
  failing_since: null,
  kind: "client",
  order: "record",
  has_token: true,
  returns_values: false,
  notifies_related: true,
  created_at: at,
  modified_at: at,
  subscriptions: [
    { module: "Deals", module_id: "554023000000000131", operations: ["update"], condition: { kind: "field", field: "Stage" } },
  ],
};

const clientRow = {
  client_id: "1000.ABC",
  org: "554023000",
  name: "Billing",
  scopes: ["ZohoCRM.modules.ALL"],
  user_id: "554023000050000001",
  redirect_uri: null,
};
const tokenRow = {
  id: "fedcba9876543210",
  org: "554023000",
  client_id: "1000.ABC",
  user_id: "554023000050000001",
  scopes: ["ZohoCRM.modules.READ"],
  issued_at: at,
  expires_at: "2099-11-25T10:00:00.000Z",
};

export const streamed = {
  id: deliveryRow.id,
  channel_key: 1,
  channel_id: "1000000068001",
  module: "Deals",
  operation: "update",
  outcome: "delivered",
  http_status: 200,
  attempt: 1,
  duration_ms: 12,
  at,
};

const found =
  (body: unknown): Canned =>
  () => ({ status: 200, body });
const missing: Canned = () => ({ status: 404, body: { error: { code: "not_found", message: "There is nothing at the path." } } });
const over =
  (code: string, message: string): Canned =>
  () => ({ status: 409, body: { error: { code, message } } });

export const cannedAdmin: Readonly<Record<string, Canned>> = {
  "POST /api/v1/deliveries/{id}/replay": () => ({ status: 202, body: { delivery: deliveryRow } }),
  "POST /api/v1/deliveries/{id}/skip": over("already_settled", "The delivery is settled already."),
  "GET /api/v1/replays": found({ replays: [replayRow], next_cursor: null }),
  "POST /api/v1/replays": ({ body }) =>
    typeof body === "object" && body !== null && "dry_run" in body
      ? { status: 200, body: { dry_run: true, count: 1000 } }
      : { status: 201, body: { replay: replayRow } },
  "GET /api/v1/replays/{id}": found({ replay: { ...replayRow, state: "done", sent: 1000, finished_at: at } }),
  "POST /api/v1/replays/{id}/cancel": found({ replay: { ...replayRow, state: "cancelled", finished_at: at } }),
  "GET /api/v1/changes": found({ changes: [changeRow], next_cursor: null }),
  "GET /api/v1/changes/{id}": found({ change: changeDetail }),
  "GET /api/v1/changes/{id}/explain": found(explanation),
  "POST /api/v1/channels/{key}/order": ({ body }) => ({ status: 200, body: { channel: { ...channelRow, ...(body as object) } } }),
  "POST /api/v1/channels/{key}/test": () => ({ status: 202, body: { delivery: { ...deliveryRow, is_test: true } } }),
  "GET /api/v1/clients": found({ clients: [clientRow], next_cursor: null }),
  "POST /api/v1/clients": () => ({
    status: 201,
    body: { client: clientRow, client_secret: "shown-once", refresh_token: "1000.shown.once" },
  }),
  "POST /api/v1/clients/{id}/revoke": missing,
  "GET /api/v1/tokens": found({ tokens: [tokenRow], next_cursor: null }),
  "POST /api/v1/tokens": () => ({ status: 201, body: { access_token: "1000.access", token: tokenRow, api_domain: "http://127.0.0.1" } }),
  "POST /api/v1/tokens/{id}/revoke": missing,
  "GET /api/v1/stream": () => ({
    status: 200,
    body: new Stream([
      { event: "hint", data: {} },
      { event: "delivery", data: streamed },
    ]),
  }),
};
