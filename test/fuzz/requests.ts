/**
 * Requests by the shape of the API: for each route and method one that is right, or nearly, and from it one that is spoiled. What the
 * server answers is taken up again (ids, tokens of pages), so that requests reach what earlier ones made.
 */
import { METHODS } from "node:http";
import type { Field, Module } from "../../src/core/catalog.ts";
import { buildCatalog } from "../../src/core/standard-catalog.ts";
import { routes } from "../../src/http/route-table.ts";
import { versionNames } from "../../src/wire/versions.ts";
import { oddHeader, spoilBytes, spoilQuery, spoilTree, writeTree } from "./mutate.ts";
import type { Header } from "./mutate.ts";
import type { Random } from "./random.ts";
import type { Sent } from "./transport.ts";

export type Spot = { readonly surface: "crm" | "open" | "admin"; readonly path: string; readonly method: string };
export type FuzzRequest = Sent & { readonly spot: Spot; readonly isSpoiled: boolean };

/** What is known of the server; the ids grow with its answers. */
export type Knowledge = {
  readonly zgid: string;
  readonly accessToken: string;
  readonly adminToken: string;
  readonly credentials: Readonly<Record<"client_id" | "client_secret" | "refresh_token", string>>;
  /** Where a channel may point to. */
  readonly notifyOrigin: string;
  /** Users whom requests must not harm, for the fuzzer speaks in their name. */
  readonly ownUserIds: ReadonlySet<string>;
  /** By module name, `users` and `fields` among them; the newest last. */
  readonly ids: Map<string, string[]>;
  readonly pageTokens: string[];
};

/** Every route with every method that it takes. */
export const spots: readonly Spot[] = routes.flatMap(({ surface, path, methods }) =>
  Object.keys(methods).map((method) => ({ surface, path, method })),
);

const catalog = buildCatalog({ zgid: "554023000", modules: [], fields: new Map() });
const modules = catalog.modules.filter((module) => module.isApiSupported);
const loved = modules.filter(({ apiName }) =>
  ["Leads", "Contacts", "Accounts", "Deals", "Tasks", "Campaigns", "Products"].includes(apiName),
);
const oddParts = [
  "__proto__",
  "%00",
  "%E0%A4%A",
  "..",
  "%2e%2e%2f",
  "ünicorn",
  "x".repeat(250),
  "%F0%9F%A6%84",
  "-1",
  "0",
  "a b",
  "",
] as const;

/** A request to the spot. The knowledge decides nothing of what is spoiled, only what names mean. */
export function makeRequest(spot: Spot, known: Knowledge, random: Random): FuzzRequest {
  const module = random.pick(random.hasChance(0.7) ? loved : modules) ?? modules[0];
  if (module === undefined) throw new Error("the catalog has no modules");
  const isSpoiled = random.hasChance(0.75);
  const choice: Choice = { spot, known, random, module };
  const path = pathOf(choice, isSpoiled);
  const query = queryOf(choice);
  const spoiledQuery = isSpoiled && random.hasChance(0.3) ? spoilQuery(query, random) : query;
  const body = bodyOf(choice, isSpoiled);
  const method = isSpoiled && random.hasChance(0.05) ? (random.pick(sendableMethods) ?? "COPY") : spot.method;
  const sent = {
    spot,
    isSpoiled,
    method,
    target: requestTarget(`${path}${spoiledQuery === "" ? "" : `?${spoiledQuery}`}`),
    headers: headersOf(choice, isSpoiled),
    body,
  };
  if (!isSpoiled || !random.hasChance(0.12)) return { ...sent, raw: null };
  const bytes = body?.length ?? 0;
  const claimedBytes = Math.max(0, bytes + random.pick([0, 0, 0, 1, 5_000, -3]));
  return { ...sent, raw: { claimedBytes, isCut: random.hasChance(0.3) || claimedBytes > bytes } };
}

type Choice = { readonly spot: Spot; readonly known: Knowledge; readonly random: Random; readonly module: Module };

const sendableMethods = METHODS.filter((method) => method !== "CONNECT");

/** What may stand on a request line by way of node's client; spaces and what is not Latin would be refused before they are sent. */
function requestTarget(target: string): string {
  return target.replaceAll(/[^\x21-\x7e]/g, (char) =>
    [...Buffer.from(char)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""),
  );
}

function pathOf({ spot, known, random, module }: Choice, isSpoiled: boolean): string {
  const parts = spot.path.split("/").map((part) => {
    if (!part.startsWith(":")) return part;
    if (isSpoiled && random.hasChance(0.1)) return random.pick(oddParts);
    return partOf(part.slice(1), { spot, known, random, module });
  });
  const path = parts.join("/");
  if (!isSpoiled || !random.hasChance(0.05)) return path;
  return random.pick([`${path}/`, path.replace("/", "//"), path.toUpperCase(), `${path}/..`, `${path};a=b`, path.replaceAll("/", "%2F")]);
}

function partOf(name: string, { spot, known, random, module }: Choice): string {
  switch (name) {
    case "version":
      return random.pick(versionNames);
    case "module":
      return random.hasChance(0.2) ? module.apiName.toLowerCase() : module.apiName;
    case "name":
      return random.pick([module.apiName, module.id]);
    case "list":
      return random.pick(["Notes", "Contacts", "Deals", "Tasks", "Attachments", "Leads", "Products", "Campaigns"]);
    case "action":
      return random.pick(["count", "convert", "mass_update", "watch", "add_tags"]);
    case "job":
      return random.pick(["read", "write"]);
    case "key":
      return String(1 + random.below(20));
    default:
      if (spot.surface === "admin") return String(1 + random.below(50));
      if (spot.path.includes("/users/")) return idOf("users", known, random);
      if (spot.path.includes("/settings/")) return random.pick([random.pick(module.fields)?.id ?? "1", idOf("fields", known, random)]);
      return idOf(module.apiName, known, random);
  }
}

/** An id of the module, mostly one that is there. */
function idOf(module: string, known: Knowledge, random: Random): string {
  const ids = known.ids.get(module) ?? [];
  const id = random.hasChance(0.9) ? ids.at(-1 - random.below(Math.min(ids.length, 30) || 1)) : undefined;
  return id ?? `${known.zgid}${100_000_001 + random.below(50)}`;
}

/** Parameters that mean something somewhere; each request has a few of them. */
function queryOf({ spot, known, random, module }: Choice): string {
  const ids = Array.from({ length: 1 + random.below(3) }, () =>
    idOf(spot.path.endsWith("/users") ? "users" : module.apiName, known, random),
  );
  const fieldNames = random.some(module.fields, 0.2).map(({ apiName }) => apiName);
  const search = random.pick(module.fields)?.apiName ?? "id";
  const plausible: Readonly<Record<string, string>> = {
    fields: ["id", ...fieldNames].slice(0, 50).join(","),
    ids: ids.join(","),
    page: String(1 + random.below(3)),
    per_page: String(random.pick([1, 2, 10, 200])),
    page_token: random.pick(known.pageTokens) ?? "",
    sort_by: random.pick(["id", "Created_Time", "Modified_Time"]),
    sort_order: random.pick(["asc", "desc"]),
    module: random.hasChance(0.3) ? module.apiName.toLowerCase() : module.apiName,
    channel_id: channelIdOf(random),
    channel_ids: Array.from({ length: 1 + random.below(3) }, () => channelIdOf(random)).join("%2C"),
    type: random.pick(["all", "recycle", "permanent", "CurrentUser", "ActiveUsers", "AllUsers"]),
    criteria: `(${search}:${random.pick(["equals", "not_equal", "starts_with", "in", "between", "greater_than", "less_equal"])}:${random.pick(["1", "Big", "a,b", "2026-01-01", "true", "x\\(y"])})`,
    email: random.pick(["a@b.example", "owner@acme.example"]),
    phone: "5551234",
    word: random.pick(["Big", "one two", "ü"]),
    status: random.pick(["pending", "delivered", "dead"]),
    limit: "5",
    token: "1000.none",
    client_id: known.credentials.client_id,
    redirect_uri: "https://app.example/callback",
    response_type: "code",
    scope: "ZohoCRM.modules.ALL",
    state: "s",
    converted: random.pick(["true", "false", "both"]),
    approved: "both",
    cvid: "1",
    wf_trigger: "false",
  };
  const wanted = wantedParams.find(({ path, methods }) => spot.path.endsWith(path) && (methods === null || methods.includes(spot.method)));
  const names = new Set([...random.some(wanted?.params ?? [], 0.85), ...random.some(Object.keys(plausible), 0.05)]);
  // A token of pages excludes `page`, and search takes the first of its parameters.
  return [...names].map((name) => `${name}=${plausible[name] ?? ""}`).join("&");
}

const listParams = ["fields", "page", "per_page", "sort_by", "sort_order"];
/** What a spot would be refused without; the first whose path the spot's ends with. */
const wantedParams: readonly { readonly path: string; readonly methods: readonly string[] | null; readonly params: readonly string[] }[] = [
  { path: "/actions/watch", methods: ["DELETE"], params: ["channel_ids"] },
  { path: "/actions/watch", methods: ["GET"], params: ["page", "per_page"] },
  { path: "/settings/fields", methods: null, params: ["module"] },
  { path: "/settings/layouts", methods: null, params: ["module"] },
  { path: "/settings/related_lists", methods: null, params: ["module"] },
  { path: "/settings/fields/:id", methods: null, params: ["module"] },
  { path: "/:module/search", methods: null, params: ["criteria"] },
  { path: "/:module/deleted", methods: null, params: ["type", "per_page"] },
  { path: "/:module", methods: ["GET"], params: listParams },
  { path: "/:module", methods: ["DELETE"], params: ["ids"] },
  { path: "/:list", methods: ["GET"], params: ["fields"] },
  { path: "/:list", methods: ["DELETE"], params: ["ids"] },
  { path: "/oauth/v2/auth", methods: ["GET"], params: ["client_id", "redirect_uri", "response_type", "scope", "state"] },
];

function channelIdOf(random: Random): string {
  return String(random.pick([1, 2, 3, 4, 5, 6, 7, "-9223372036854775808", "9223372036854775807"]));
}

function headersOf({ spot, known, random }: Choice, isSpoiled: boolean): readonly Header[] {
  const headers: Header[] = [];
  if (spot.surface === "crm" || spot.path.endsWith("/info")) {
    headers.push(["Authorization", `${random.pick(["Zoho-oauthtoken", "Bearer"])} ${known.accessToken}`]);
  }
  if (spot.surface === "admin") headers.push(["Authorization", `Bearer ${known.adminToken}`]);
  if (spot.surface === "open" && spot.method === "POST") headers.push(["Content-Type", "application/x-www-form-urlencoded"]);
  if (random.hasChance(0.3)) headers.push(["Accept-Encoding", "gzip, deflate, br"]);
  if (!isSpoiled) return headers;
  if (random.hasChance(0.02)) headers.splice(0, 1, ["Authorization", random.pick(["Bearer", "Basic YTpi", "Zoho-oauthtoken \u00ff"])]);
  if (random.hasChance(0.15)) headers.push(oddHeader(random));
  return headers;
}

function bodyOf(choice: Choice, isSpoiled: boolean): Buffer | null {
  const { spot, known, random } = choice;
  if (spot.method === "GET" || spot.method === "DELETE") return isSpoiled && random.hasChance(0.03) ? Buffer.from("{}") : null;
  if (spot.surface === "open") return spoiledIf(isSpoiled && random.hasChance(0.5), Buffer.from(formOf(choice)), random);
  if (spot.surface === "admin") return null;
  const tree = treeOf(choice);
  if (!isSpoiled) return Buffer.from(JSON.stringify(tree));
  const text = writeTree(random.hasChance(0.85) ? spoilTree(tree, random) : tree, random);
  const bytes = spoiledIf(random.hasChance(0.15), Buffer.from(text), random);
  // No spoiled URL may lead off this machine.
  return staysHere(bytes, known.notifyOrigin) ? bytes : Buffer.from(JSON.stringify(tree));
}

function spoiledIf(isSpoiled: boolean, bytes: Buffer, random: Random): Buffer {
  return isSpoiled ? spoilBytes(bytes, random) : bytes;
}

/** Whether whatever could be read as a URL there is one of our own receiver. */
function staysHere(bytes: Buffer, origin: string): boolean {
  const text = bytes.toString("utf8");
  if (/\\u00[0-7]|\\\//.test(text.replaceAll("\\u0000", "").replaceAll("\\u0001", ""))) return false;
  const host = origin.replace("http://", "").replaceAll(".", "\\.");
  return [...text.matchAll(/h\s*t\s*t\s*p[^"]*/gi)].every(([url]) => new RegExp(`^https?:/*${host}(?!\\d|[^"]*[@\\\\])`, "i").test(url));
}

function formOf({ spot, known, random }: Choice): string {
  const { credentials } = known;
  if (spot.path.endsWith("/revoke")) return `token=${random.pick(["1000.none", "1000.other"])}`;
  if (spot.path.endsWith("/auth"))
    return new URLSearchParams({ ticket: "none", email: "owner@acme.example", password: "x", consent: "yes" }).toString();
  const grant = random.pick(["refresh_token", "refresh_token", "authorization_code", "client_credentials", "password"]);
  const scope = "ZohoCRM.modules.ALL";
  return new URLSearchParams({ grant_type: grant, ...credentials, code: "1000.none", scope, soid: `ZohoCRM.${known.zgid}` }).toString();
}

function treeOf(choice: Choice): unknown {
  const { spot, random, module } = choice;
  const count = random.pick([1, 1, 1, 2, 5]);
  const list = <T>(make: () => T): readonly T[] => Array.from({ length: count }, make);
  if (spot.path.endsWith("/actions/watch")) return { watch: list(() => channelOf(choice)) };
  if (spot.path.includes("/users")) return { users: [userOf(choice)] };
  if (spot.path.includes("/settings/fields")) return { fields: list(() => fieldOf(choice)) };
  if (spot.path.includes("/settings/modules"))
    return { modules: [{ api_name: `M${random.below(30)}`, plural_label: "Ms", singular_label: "M" }] };
  const data = list(() => recordOf(choice, module));
  if (spot.path.endsWith("/upsert"))
    return { data, duplicate_check_fields: random.some(module.fields, 0.05).map(({ apiName }) => apiName) };
  return { data, ...(random.hasChance(0.3) ? { trigger: ["workflow"] } : {}) };
}

function channelOf({ spot, known, random, module }: Choice): unknown {
  const channel = { channel_id: channelIdOf(random), events: [`${module.apiName}.${random.pick(["create", "edit", "delete", "all"])}`] };
  if (spot.method === "PATCH" && random.hasChance(0.4)) return { ...channel, _delete_events: true };
  const fields = Array.from({ length: 2 }, () => ({ field: { api_name: random.pick(module.fields)?.apiName ?? "id" } }));
  const selection = random.hasChance(0.5) ? fields[0] : { group_operator: random.pick(["and", "or"]), group: fields };
  const condition = { type: "field_selection", module: { api_name: module.apiName, id: module.id }, field_selection: selection };
  return {
    ...channel,
    notify_url: `${known.notifyOrigin}/hook?a=b c`,
    ...(random.hasChance(0.5) ? { token: "t" } : {}),
    ...(random.hasChance(0.3) ? { channel_expiry: new Date(Date.now() + 1_800_000).toISOString().replace(/\.\d+/, "") } : {}),
    ...(random.hasChance(0.5) ? { return_affected_field_values: random.hasChance(0.5) } : {}),
    ...(random.hasChance(0.5) ? { notify_on_related_action: random.hasChance(0.5) } : {}),
    ...(random.hasChance(0.3) ? { notification_condition: [condition] } : {}),
  };
}

function recordOf({ spot, known, random }: Choice, module: Module): unknown {
  const given = module.fields.filter((field) => !field.isReadOnly && (field.isMandatory || random.hasChance(0.15)));
  const values = Object.fromEntries(given.map((field) => [field.apiName, valueOf(field, known, random)]));
  return spot.method === "POST" || spot.path.endsWith("/:id") ? values : { id: idOf(module.apiName, known, random), ...values };
}

function valueOf(field: Field, known: Knowledge, random: Random): unknown {
  switch (field.dataType) {
    case "integer":
      return random.below(1_000);
    case "bigint":
      return "9007199254740993";
    case "double":
    case "currency":
      return random.below(100_000) / 100;
    case "percent":
      return random.below(100);
    case "boolean":
      return random.hasChance(0.5);
    case "date":
      return "2030-06-30";
    case "datetime":
      return "2030-06-30T10:00:00+05:30";
    case "lookup":
      return { id: idOf(field.lookupModule ?? "Accounts", known, random) };
    case "ownerlookup":
    case "userlookup":
      return { id: random.pick([...known.ownUserIds]) ?? "1" };
    case "multiselectpicklist":
      return [field.pickList[0]?.value ?? "a"];
    case "picklist":
      return random.pick(field.pickList)?.value ?? "a";
    case "email":
      return `p${random.below(1_000)}@b.example`;
    case "website":
      return "www.b.example";
    case "subform":
    case "participants":
    case "pricing":
    case "tags":
    case "multiselectlookup":
    case "multiuserlookup":
      return [{ name: "one" }, { id: idOf(field.lookupModule ?? "Products", known, random) }];
    default:
      return `${random.pick(["Big", "ü", "one two"])} ${random.below(100)}`;
  }
}

function userOf({ spot, known, random }: Choice): unknown {
  const names = { first_name: "Peter", last_name: `Gibbons ${random.below(100)}`, role: "1", profile: "1" };
  const email = `u${random.below(100_000)}@b.example`;
  return spot.method === "POST" ? { ...names, email } : { ...names, id: idOf("users", known, random) };
}

function fieldOf({ spot, known, random }: Choice): unknown {
  const types = ["text", "integer", "picklist", "boolean", "date", "datetime", "email", "lookup", "bigint", "double", "textarea"] as const;
  const data_type = random.pick(types);
  return {
    ...(spot.method === "POST" ? {} : { id: idOf("fields", known, random) }),
    field_label: `Fuzz ${random.below(1_000)}`,
    data_type,
    ...(data_type === "picklist" ? { pick_list_values: [{ display_value: "a", actual_value: "a" }] } : {}),
    ...(data_type === "text" ? { length: 1 + random.below(255) } : {}),
    ...(data_type === "lookup" ? { lookup: { module: { api_name: "Accounts" }, display_label: "x" } } : {}),
  };
}
