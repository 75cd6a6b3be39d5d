/** What the fake server starts with: an org, its modules with records, and, unless it is to be new, a past. */
import type { Channel } from "../src/api/channels.ts";
import type { CrmField } from "../src/api/crm.ts";
import type { Operation } from "../src/api/deliveries.ts";
import type { Json } from "../src/api/json.ts";
import { attemptNow, commit } from "./engine.ts";
import type { FakeChannel, FakeModule, World } from "./world.ts";
import { isoAt, takeId, zgid } from "./world.ts";

export function fillOrg(world: World): void {
  world.orgs = [
    { zgid, name: "Acme", time_zone: "Asia/Kolkata", currency: "USD", created_at: isoAt(world, 40 * dayMs), lifecycle_url: null, users: 1 },
  ];
  world.users = [
    { id: "554023000050000001", org: zgid, email: "owner@acme.example", first_name: "Ada", last_name: "Owner", status: "active" },
  ];
  world.clients = [
    {
      client_id: "1000.DEV0000000000000000000000000ID",
      org: zgid,
      name: "Sample client",
      scopes: ["ZohoCRM.notifications.ALL", "ZohoCRM.modules.ALL", "ZohoCRM.settings.ALL"],
      user_id: "554023000050000001",
      redirect_uri: null,
    },
  ];
  world.modules = [
    module("Leads", { Last_Name: "text!", Company: "text", Email: "email", Phone: "phone", Lead_Status: "picklist:New,Contacted,Lost" }, [
      { Last_Name: "Quine", Company: "Initech", Email: "quine@initech.example", Lead_Status: "New" },
      { Last_Name: "Okafor", Company: "Globex", Email: "okafor@globex.example", Lead_Status: "Contacted" },
    ]),
    module("Accounts", { Account_Name: "text!", Industry: "picklist:Services,Energy", Employees: "integer", Website: "website" }, [
      { Account_Name: "Initech", Industry: "Services", Employees: 120 },
      { Account_Name: "Globex", Industry: "Energy", Employees: 4200 },
    ]),
    module("Contacts", { Last_Name: "text!", First_Name: "text", Email: "email", Account_Name: "lookup:Accounts" }, [
      { Last_Name: "Lumbergh", First_Name: "Bill", Email: "bill@initech.example" },
    ]),
    module(
      "Deals",
      {
        Deal_Name: "text!",
        Stage: "picklist!:Qualification,Needs Analysis,Value Proposition,Closed Won,Closed Lost",
        Amount: "currency",
        Closing_Date: "date",
        Account_Name: "lookup:Accounts",
        Owner: "ownerlookup",
        Next_Step: "text",
        Description: "textarea",
      },
      [
        { Deal_Name: "Initech renewal", Stage: "Qualification", Amount: 12500, Closing_Date: "2027-03-31", Next_Step: null },
        { Deal_Name: "Globex rollout", Stage: "Needs Analysis", Amount: 84000, Closing_Date: "2027-01-15", Next_Step: "Send the offer" },
        { Deal_Name: "Globex pilot", Stage: "Value Proposition", Amount: 9900, Closing_Date: "2027-01-29", Next_Step: null },
      ],
    ),
  ];
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const minuteMs = 60_000;

/** Channels of every kind, and some days of deliveries, among them failed ones and one of a hostile receiver. */
export function fillPast(world: World): void {
  const watchers = [
    channel(world, { id: "1000000068001", url: "https://hooks.example.com/crm?tenant=7", endsInMs: 5 * hourMs, answers: 200 }),
    channel(world, { id: "1000000068002", url: "https://billing.example.net/webhooks/deals", endsInMs: 6 * dayMs, answers: 503 }),
    channel(world, { id: "1000000068003", url: "https://staging.example.org/notify", endsInMs: 40 * minuteMs, answers: 200 }),
    channel(world, { id: "1000000068004", url: "https://gone.example.com/hook", endsInMs: 3 * dayMs, answers: 410 }),
  ];
  const [first, failing, paused, gone] = watchers;
  world.channels = watchers;
  if (first === undefined || failing === undefined || paused === undefined || gone === undefined) return;
  first.subscriptions = [subscription("Deals", ["insert", "update", "delete"]), subscription("Leads", ["insert"])];
  first.modules = ["Deals", "Leads"];
  failing.subscriptions = [
    {
      ...subscription("Deals", ["update"]),
      condition: {
        kind: "group",
        operator: "or",
        members: [
          { kind: "field", field: "Stage" },
          {
            kind: "group",
            operator: "and",
            members: [
              { kind: "field", field: "Amount" },
              { kind: "field", field: "Closing_Date" },
            ],
          },
        ],
      },
    },
  ];
  failing.failing_since = isoAt(world, 2 * hourMs);
  for (let round = 0; round < 24; round += 1) {
    const ageMs = (24 - round) * 17 * minuteMs;
    const stage = ["Qualification", "Needs Analysis", "Value Proposition", "Closed Won"][round % 4] ?? "";
    const changed = round % 3 === 0 ? { Next_Step: `Call again (${String(round)})` } : { Stage: stage, Amount: 10_000 + round * 250 };
    editDeal(world, { index: round % 3, changed, ageMs });
  }
  failDeliveries(world, failing.key);
  paused.state = "paused";
  paused.state_since = isoAt(world, 3 * hourMs);
  gone.state = "disabled";
  gone.cause = "gone";
  gone.state_since = isoAt(world, dayMs);
  world.lifecycle = [
    {
      id: takeId(world),
      org: zgid,
      channel_key: first.key,
      channel_id: first.channel_id,
      event: "channel.expiring",
      before: "24h",
      cause: null,
      expires_at: first.expires_at,
      at: isoAt(world, 19 * hourMs),
    },
  ];
  pastFigures(world);
  fillDesk(world);
}

/** What operators have left behind. */
function fillDesk(world: World): void {
  world.tokens.push({
    secret: "1000.fake.past",
    token: {
      id: "9f86d081884c7d65",
      org: zgid,
      client_id: "1000.DEV0000000000000000000000000ID",
      user_id: "554023000050000001",
      scopes: ["ZohoCRM.notifications.ALL", "ZohoCRM.modules.ALL"],
      issued_at: isoAt(world, 20 * minuteMs),
      expires_at: isoAt(world, -40 * minuteMs),
    },
  });
  world.audit.push({
    id: takeId(world),
    at: isoAt(world, 3 * hourMs),
    actor: "token",
    method: "POST",
    path: "/api/v1/channels/3/pause",
    status: 200,
    summary: "paused channel 1000000068003",
  });
  world.replays.push({
    id: takeId(world),
    what: "deliveries",
    org: null,
    channel_key: null,
    channel_id: "1000000068001",
    module: "Deals",
    record: null,
    status: "dead",
    from: null,
    until: null,
    rate_per_second: 100,
    state: "running",
    total: 1840,
    sent: 612,
    created_at: isoAt(world, minuteMs),
    finished_at: null,
  });
}

/** Two messages in the inbox: one that is right, and one that somebody else has sent. */
export function fillInbox(world: World): void {
  const [delivery] = world.deliveries;
  if (delivery === undefined) return;
  const { headers, body } = delivery.request;
  const shared = { method: "POST", path: "/inbox/console", body };
  world.inbox = [
    {
      ...shared,
      id: takeId(world),
      received_at: isoAt(world, 2 * minuteMs),
      headers,
      checks: { signature: "ok", token: "ok", id_seen_before: false },
    },
    {
      ...shared,
      id: takeId(world),
      received_at: isoAt(world, 9 * minuteMs),
      headers: { "content-type": "application/json" },
      checks: { signature: "absent", token: "wrong", id_seen_before: true },
    },
  ];
}

export type DealEdit = { readonly index: number; readonly changed: Readonly<Record<string, Json>>; readonly ageMs: number };

function editDeal(world: World, { index, changed, ageMs }: DealEdit): void {
  const deals = world.modules.find(({ apiName }) => apiName === "Deals");
  const record = deals?.records[index];
  if (record === undefined) return;
  const before = { ...record.values, id: record.id };
  Object.assign(record.values, changed);
  for (const delivery of commit(world, {
    module: "Deals",
    operation: "update",
    recordId: record.id,
    before,
    after: { ...record.values, id: record.id },
    ageMs,
  })) {
    attemptNow(world, delivery, ageMs - 40);
  }
}

/** The last deliveries of a channel: one dead, one that is tried again, and what the receiver answered is meant to do harm. */
function failDeliveries(world: World, channelKey: number): void {
  const hostile = '<script>window.hacked = true</script><img src=x onerror="window.hacked = true">';
  for (const [index, delivery] of world.deliveries.filter((candidate) => candidate.channel_key === channelKey).entries()) {
    const last = index === 0 ? 3 : 10;
    const ageMs = Date.parse(isoAt(world)) - Date.parse(delivery.committed_at);
    delivery.attempts = Array.from({ length: last }, (_, at) => ({
      number: at + 1,
      started_at: isoAt(world, Math.max(minuteMs, ageMs - at * minuteMs)),
      duration_ms: 12.4 + at * 31,
      outcome: at === 1 ? "unreachable" : "retryable",
      http_status: at === 1 ? null : 503,
      error: at === 1 ? "connect ECONNREFUSED" : null,
      response_body: at === 1 ? null : index === 0 ? hostile : '{"error":"maintenance","retry":true}',
      response_headers: at === 1 ? null : { "content-type": "text/html", "retry-after": "30" },
    }));
    delivery.attempts_made = last;
    delivery.status = index < 2 ? "pending" : "dead";
    delivery.due_at = index < 2 ? isoAt(world, -25 * minuteMs) : null;
    delivery.settled_at = index < 2 ? null : isoAt(world, ageMs - 11 * minuteMs);
  }
}

function pastFigures(world: World): void {
  const now = Date.parse(isoAt(world));
  for (let step = 0; step < 60; step += 1) {
    const count = 8 + Math.round(6 * Math.sin(step / 6)) + (step % 5);
    for (let made = 0; made < count; made += 1) {
      world.attempts.push({
        atMs: now - (60 - step) * 5_000 + made * 10,
        isGood: (step + made) % 17 !== 0,
        ms: 4 + ((step * 7 + made * 13) % 40),
      });
    }
  }
}

function channel(
  world: World,
  made: { readonly id: string; readonly url: string; readonly endsInMs: number; readonly answers: number },
): FakeChannel {
  return {
    ...newChannel(world, { channelId: made.id, notifyUrl: made.url, expiresAt: isoAt(world, -made.endsInMs) }),
    answers: made.answers,
    has_token: true,
    subscriptions: [subscription("Deals", ["update"])],
    modules: ["Deals"],
  };
}

export function newChannel(
  world: World,
  { channelId, notifyUrl, expiresAt }: { readonly channelId: string; readonly notifyUrl: string; readonly expiresAt: string },
): FakeChannel {
  return {
    key: takeId(world),
    org: zgid,
    user_id: "554023000050000001",
    channel_id: channelId,
    notify_url: notifyUrl,
    modules: [],
    expires_at: expiresAt,
    is_secret_shown: false,
    previous_secret_until: null,
    state: "active",
    cause: null,
    state_since: isoAt(world, 2 * dayMs),
    failing_since: null,
    kind: "client",
    order: "record",
    has_token: false,
    returns_values: false,
    notifies_related: true,
    created_at: isoAt(world, 2 * dayMs),
    modified_at: isoAt(world, dayMs),
    subscriptions: [],
    answers: 200,
  };
}

export function subscription(moduleName: string, operations: readonly Operation[]): Channel["subscriptions"][number] {
  return { module: moduleName, module_id: "554023000000000131", operations, condition: null };
}

/** `picklist!:a,b` is a pick list that must be filled, with two values; `lookup:Accounts` points there. */
function module(apiName: string, fields: Readonly<Record<string, string>>, records: readonly Readonly<Record<string, Json>>[]): FakeModule {
  const made = Object.entries(fields).map(([name, type]) => field(name, type));
  return {
    apiName,
    plural: apiName,
    singular: apiName.replace(/s$/, ""),
    isCustom: false,
    fields: [...made, { ...field("Modified_Time", "datetime"), read_only: true }],
    records: records.map((values, index) => ({
      id: `55402300010000${String(apiName.length)}${String(index + 1).padStart(3, "0")}`,
      values: {
        ...Object.fromEntries(made.map(({ api_name: name }) => [name, null])),
        ...values,
        Modified_Time: "2026-11-25T18:00:00+05:30",
      },
    })),
  };
}

export function field(apiName: string, type: string): CrmField {
  const [head = "text", rest = ""] = type.split(":");
  const dataType = head.replace("!", "");
  return {
    api_name: apiName,
    field_label: apiName.replaceAll("_", " "),
    data_type: dataType,
    json_type: "string",
    read_only: false,
    system_mandatory: head.endsWith("!"),
    custom_field: false,
    length: dataType === "text" ? 120 : null,
    pick_list_values: dataType === "picklist" ? rest.split(",").map((value) => ({ display_value: value, actual_value: value })) : [],
    lookup: dataType === "lookup" ? { module: { api_name: rest } } : {},
    view_type: { view: true, edit: true, create: true },
  };
}
