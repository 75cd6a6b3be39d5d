/**
 * Requests by the shape of the API: for each route and method one that is right, or nearly, and from it one that is spoiled. What the
 * server answers is taken up again (ids, tokens of pages), so that requests reach what earlier ones made.
 */
import { METHODS } from "node:http";
import { routes } from "../../src/http/route-table.ts";
import { versionNames } from "../../src/wire/versions.ts";
import { bodyOf } from "./bodies.ts";
import { channelIdOf, choose, fieldNameOf, idOf, wordOf } from "./knowledge.ts";
import type { Choice, Knowledge, Spot } from "./knowledge.ts";
import { oddHeader, spoilQuery } from "./mutate.ts";
import type { Header } from "./mutate.ts";
import type { Random } from "./random.ts";
import type { Sent } from "./transport.ts";

export type FuzzRequest = Sent & { readonly spot: Spot; readonly isSpoiled: boolean };

/** Every route with every method that it takes, but for the one whose answer never ends. */
export const spots: readonly Spot[] = routes
  .filter(({ path }) => path !== "/api/v1/stream")
  .flatMap(({ surface, path, methods }) => Object.keys(methods).map((method) => ({ surface, path, method })));

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
  const isSpoiled = random.hasChance(0.75);
  const choice = choose(spot, known, random);
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

const sendableMethods = METHODS.filter((method) => method !== "CONNECT");

/** What may stand on a request line by way of node's client; spaces and what is not Latin would be refused before they are sent. */
function requestTarget(target: string): string {
  return target.replaceAll(/[^\x21-\x7e]/g, (char) =>
    [...Buffer.from(char)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""),
  );
}

function pathOf(choice: Choice, isSpoiled: boolean): string {
  const { spot, random } = choice;
  const parts = spot.path.split("/").map((part) => {
    if (!part.startsWith(":")) return part;
    return isSpoiled && random.hasChance(0.1) ? random.pick(oddParts) : partOf(part.slice(1), choice);
  });
  const path = parts.join("/");
  if (!isSpoiled || !random.hasChance(0.05)) return path;
  return random.pick([
    `${path}/`,
    path.replace("/", "//"),
    path.toUpperCase(),
    `${path}/..`,
    `${path};a=b`,
    `/${path.slice(1).replaceAll("/", "%2F")}`,
  ]);
}

function partOf(name: string, choice: Choice): string {
  const { spot, random, module, relation } = choice;
  switch (name) {
    case "version":
      return random.pick(versionNames);
    case "module":
      return random.hasChance(0.2) ? module.apiName.toLowerCase() : module.apiName;
    case "name":
      return random.pick([module.apiName, module.id, idOf("modules", choice)]);
    case "list":
      return relation.name;
    case "relatedId":
      return idOf(relation.module, choice);
    case "action":
      return random.pick(["count", "convert", "mass_update", "watch", "add_tags"]);
    case "job":
      return random.pick(["read", "write"]);
    case "key":
      return String(1 + random.below(20));
    default:
      if (spot.surface === "admin") return String(1 + random.below(50));
      if (spot.path.includes("/users/")) return idOf("users", choice);
      return idOf(/\/settings\/(\w+)/.exec(spot.path)?.[1] ?? module.apiName, choice);
  }
}

/** Parameters that mean something somewhere; each request has a few of them. */
function queryOf(choice: Choice): string {
  const { spot, known, random, module, relation } = choice;
  const ofIds = spot.path.endsWith("/users") ? "users" : spot.path.endsWith("/:list") ? relation.module : module.apiName;
  const ids = Array.from({ length: 1 + random.below(3) }, () => idOf(ofIds, choice));
  const fieldNames = random.some(module.fields, 0.2).map(({ apiName }) => apiName);
  const search = fieldNameOf(choice);
  const plausible: Readonly<Record<string, string>> = {
    fields: ["id", ...fieldNames].slice(0, 50).join(","),
    ids: ids.join(","),
    page: String(1 + random.below(3)),
    per_page: String(random.pick([1, 2, 10, 200])),
    page_token: wordOf("pageToken", choice),
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
    client_id: known.webClient.client_id,
    redirect_uri: known.webClient.redirect_uri,
    access_type: "offline",
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
  { path: "/settings/layouts/:id", methods: null, params: ["module"] },
  { path: "/settings/related_lists/:id", methods: null, params: ["module"] },
  { path: "/:list", methods: ["GET"], params: ["fields"] },
  { path: "/:list", methods: ["DELETE"], params: ["ids"] },
  { path: "/oauth/v2/auth", methods: ["GET"], params: ["client_id", "redirect_uri", "response_type", "scope", "state"] },
];

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
