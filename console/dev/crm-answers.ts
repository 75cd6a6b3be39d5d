/** As much of the CRM's API as the console asks of it. */
import type { Json, JsonObject } from "../src/api/json.ts";
import { isJsonObject } from "../src/api/json.ts";
import type { Operation } from "../src/api/deliveries.ts";
import { attemptNow, commit } from "./engine.ts";
import type { FakeCall, FakeRoutes } from "./http.ts";
import { answer } from "./http.ts";
import { field, newChannel, subscription } from "./sample.ts";
import type { FakeModule, FakeRecord } from "./world.ts";
import { isoAt, recordJson, takeId } from "./world.ts";

export const crmRoutes: FakeRoutes = {
  "GET /crm/v8/settings/modules": ({ world }) => answer({ modules: world.modules.map(moduleJson) }),
  "POST /crm/v8/settings/modules": ({ world, body }) => {
    const item = itemOf(body["modules"]);
    const [plural, singular, apiName] = ["plural_label", "singular_label", "api_name"].map((key) => String(item[key]));
    world.modules.push({
      apiName: apiName ?? "",
      plural: plural ?? "",
      singular: singular ?? "",
      isCustom: true,
      fields: [field("Name", "text!")],
      records: [],
    });
    return done("modules", "554023000004000000");
  },
  "GET /crm/v8/settings/profiles": () => answer({ profiles: [{ id: "554023000000000103" }] }),
  "GET /crm/v8/settings/fields": (call) => withModule(call, call.query.get("module"), ({ fields }) => answer({ fields })),
  "POST /crm/v8/settings/fields": (call) =>
    withModule(call, call.query.get("module"), ({ fields }) => {
      const item = itemOf(call.body["fields"]);
      const label = String(item["field_label"]);
      fields.push({ ...field(label.replaceAll(" ", "_"), String(item["data_type"])), custom_field: true });
      return done("fields", "554023000004000100");
    }),
  "POST /crm/v8/actions/watch": ({ world, body }) => {
    const item = itemOf(body["watch"]);
    const channelId = String(item["channel_id"]);
    const made = newChannel(world, {
      channelId,
      notifyUrl: String(item["notify_url"]),
      expiresAt: new Date(String(item["channel_expiry"])).toISOString(),
    });
    const events = Array.isArray(item["events"]) ? item["events"].map((event) => String(event).split(".")[0] ?? "") : [];
    Object.assign(made, {
      modules: events,
      has_token: item["token"] !== null,
      subscriptions: events.map((module) => subscription(module, ["insert", "update", "delete"])),
    });
    world.channels = [...world.channels.filter(({ channel_id: id }) => id !== channelId), made];
    return answer({ watch: [{ code: "SUCCESS", status: "success", message: "Successfully subscribed", details: { events: [] } }] }, 201);
  },
  "GET /crm/v8/:module/search": (call) =>
    withModule(call, call.params["module"], ({ records }) => {
      const word = (call.query.get("word") ?? "").toLowerCase();
      return recordPage(
        call,
        records.filter(({ values }) => JSON.stringify(values).toLowerCase().includes(word)),
      );
    }),
  "GET /crm/v8/:module": (call) => withModule(call, call.params["module"], ({ records }) => recordPage(call, records)),
  "GET /crm/v8/:module/:id": (call) =>
    withModule(call, call.params["module"], ({ records }) => {
      const record = records.find(({ id }) => id === call.params["id"]);
      return record === undefined ? { status: 204, body: null } : answer({ data: [recordJson(record)] });
    }),
  "POST /crm/v8/:module": (call) =>
    withModule(call, call.params["module"], (module) => {
      const item = itemOf(call.body["data"]);
      const missing = module.fields.find((needed) => needed.system_mandatory && (item[needed.api_name] ?? null) === null);
      if (missing !== undefined) return refused("MANDATORY_NOT_FOUND", "required field not found", missing.api_name);
      const record: FakeRecord = {
        id: `5540230001000${String(takeId(call.world)).padStart(5, "0")}`,
        values: { ...item, Modified_Time: isoAt(call.world) },
      };
      module.records.unshift(record);
      change(call, { module, operation: "insert", before: null, after: recordJson(record), id: record.id });
      return done("data", record.id, 201);
    }),
  "PUT /crm/v8/:module": (call) =>
    withModule(call, call.params["module"], (module) => {
      const { id, ...values } = itemOf(call.body["data"]);
      const record = module.records.find((candidate) => candidate.id === id);
      if (record === undefined) return refused("INVALID_DATA", "the id given seems to be invalid", "id");
      if (values["Amount"] !== undefined && typeof values["Amount"] !== "number" && values["Amount"] !== null) {
        return refused("INVALID_DATA", "invalid data", "Amount");
      }
      const before = recordJson(record);
      Object.assign(record.values, values, { Modified_Time: isoAt(call.world) });
      change(call, { module, operation: "update", before, after: recordJson(record), id: record.id });
      return done("data", record.id);
    }),
  "DELETE /crm/v8/:module": (call) =>
    withModule(call, call.params["module"], (module) => {
      const record = module.records.find(({ id }) => id === call.query.get("ids"));
      if (record === undefined) return refused("INVALID_DATA", "the id given seems to be invalid", "id");
      module.records = module.records.filter((candidate) => candidate !== record);
      change(call, { module, operation: "delete", before: recordJson(record), after: null, id: record.id });
      return done("data", record.id);
    }),
};

type Written = {
  readonly module: FakeModule;
  readonly operation: Operation;
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
  readonly id: string;
};

function change({ world, later }: FakeCall, { module, operation, before, after, id }: Written): void {
  const owed = commit(world, { module: module.apiName, operation, recordId: id, before, after, ageMs: 0 });
  world.emit("hint", {});
  later(() => {
    for (const delivery of owed) attemptNow(world, delivery);
  });
}

function withModule(
  call: FakeCall,
  name: string | null | undefined,
  act: (module: FakeModule) => ReturnType<typeof answer>,
): ReturnType<typeof answer> {
  const module = call.world.modules.find(({ apiName }) => apiName === name);
  return module === undefined
    ? { status: 400, body: { code: "INVALID_MODULE", message: "the module name given seems to be invalid", details: {}, status: "error" } }
    : act(module);
}

const perPage = 25;

function recordPage({ query }: FakeCall, records: readonly FakeRecord[]): ReturnType<typeof answer> {
  const from = (Number(query.get("page") ?? "1") - 1) * perPage;
  const shown = records.slice(from, from + perPage);
  if (shown.length === 0) return { status: 204, body: null };
  return answer({ data: shown.map(recordJson), info: { more_records: records.length > from + perPage } });
}

function itemOf(list: Json | undefined): JsonObject {
  const item: Json | undefined = Array.isArray(list) ? list[0] : undefined;
  return isJsonObject(item) ? item : {};
}

function done(list: string, id: string, status = 200): ReturnType<typeof answer> {
  return answer({ [list]: [{ code: "SUCCESS", details: { id }, message: "done", status: "success" }] }, status);
}

function refused(code: string, message: string, apiName: string): ReturnType<typeof answer> {
  return answer({ data: [{ code, details: { api_name: apiName }, message, status: "error" }] }, 400);
}

function moduleJson({ apiName, plural, singular, isCustom }: FakeModule): JsonObject {
  return {
    api_name: apiName,
    plural_label: plural,
    singular_label: singular,
    api_supported: true,
    viewable: true,
    creatable: true,
    editable: true,
    deletable: true,
    generated_type: isCustom ? "custom" : "default",
  };
}
