/** Bodies by what a route takes, right or nearly; and spoiled ones, of which none leads off this machine. */
import type { Field, Module } from "../../src/core/catalog.ts";
import { channelIdOf, fieldNameOf, idOf, wordOf } from "./knowledge.ts";
import type { Choice } from "./knowledge.ts";
import { spoilBytes, spoilTree, writeTree } from "./mutate.ts";
import type { Random } from "./random.ts";

/** null: none. */
export function bodyOf(choice: Choice, isSpoiled: boolean): Buffer | null {
  const { spot, known, random } = choice;
  if (spot.method === "GET" || spot.method === "DELETE") return isSpoiled && random.hasChance(0.03) ? Buffer.from("{}") : null;
  if (spot.surface === "open") return spoiledIf(isSpoiled && random.hasChance(0.5), Buffer.from(formOf(choice)), random);
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

function formOf(choice: Choice): string {
  const { spot, known, random } = choice;
  if (spot.path.endsWith("/revoke")) return write({ token: wordOf("accessToken", choice) });
  const decision = random.pick(["accept", "accept", "deny"]);
  if (spot.path.endsWith("/auth")) return write({ ticket: wordOf("ticket", choice), ...known.user, decision });
  const grant_type = random.pick(["refresh_token", "authorization_code", "client_credentials", "password"]);
  if (grant_type === "authorization_code") return write({ grant_type, ...known.webClient, code: wordOf("code", choice) });
  return write({ grant_type, ...known.credentials, scope: "ZohoCRM.modules.ALL", soid: `ZohoCRM.${known.zgid}` });
}

function write(form: Readonly<Record<string, string>>): string {
  return new URLSearchParams(form).toString();
}

function treeOf(choice: Choice): unknown {
  const { spot, random, module, relation } = choice;
  const count = random.pick([1, 1, 1, 2, 5]);
  const list = <T>(make: () => T): readonly T[] => Array.from({ length: count }, make);
  if (spot.surface === "admin") return orderOf(random);
  if (spot.path.endsWith("/actions/watch")) return { watch: list(() => channelOf(choice)) };
  if (spot.path.includes("/users")) return { users: [userOf(choice)] };
  if (spot.path.includes("/settings/fields")) return { fields: list(() => fieldOf(choice)) };
  if (spot.path.includes("/settings/modules")) return { modules: [moduleOf(choice)] };
  if (spot.path.includes("/:list")) return { data: list(() => linkOf(choice, relation.module)) };
  const data = list(() => recordOf(choice, module));
  const checks = random.some(module.fields, 0.05).map(({ apiName }) => apiName);
  if (spot.path.endsWith("/upsert")) return { data, duplicate_check_fields: checks };
  return { data, ...(random.hasChance(0.3) ? { trigger: ["workflow"] } : {}) };
}

function channelOf(choice: Choice): unknown {
  const { spot, known, random, module } = choice;
  const channel = { channel_id: channelIdOf(random), events: [`${module.apiName}.${random.pick(["create", "edit", "delete", "all"])}`] };
  if (spot.method === "PATCH" && random.hasChance(0.4)) return { ...channel, _delete_events: true };
  const fields = Array.from({ length: 2 }, () => ({ field: { api_name: fieldNameOf(choice) } }));
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

function recordOf(choice: Choice, module: Module): unknown {
  const { spot, random } = choice;
  const given = module.fields.filter((field) => !field.isReadOnly && (field.isMandatory || random.hasChance(0.15)));
  const values = Object.fromEntries(given.map((field) => [field.apiName, valueOf(field, choice)]));
  return spot.method === "POST" || spot.path.endsWith("/:id") ? values : { id: idOf(module.apiName, choice), ...values };
}

function valueOf(field: Field, choice: Choice): unknown {
  const { known, random } = choice;
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
      return { id: idOf(field.lookupModule ?? "Accounts", choice) };
    case "ownerlookup":
    case "userlookup":
      return { id: known.ownUserId };
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
      return [{ name: "one" }, { id: idOf(field.lookupModule ?? "Products", choice) }];
    default:
      return `${random.pick(["Big", "ü", "one two"])} ${random.below(100)}`;
  }
}

/** What an operator says of a clock or a channel. */
function orderOf(random: Random): unknown {
  const until = new Date(Date.now() + 86_400_000).toISOString();
  return random.pick([{ advance: random.pick(["1s", "20m", "2h"]) }, { until }, { overlap: "1h" }, {}]);
}

function linkOf(choice: Choice, module: string): unknown {
  if (module === "Notes") return { Note_Title: "Called", Note_Content: "Nobody there" };
  return { id: idOf(module, choice), Member_Status: "Active", list_price: 5 };
}

function userOf(choice: Choice): unknown {
  const { spot, random } = choice;
  const names = { first_name: "Peter", last_name: `Gibbons ${random.below(100)}` };
  const places = { role: idOf("roles", choice), profile: idOf("profiles", choice) };
  if (spot.method === "POST") return { ...names, ...places, email: `u${random.below(100_000)}@b.example` };
  return { ...names, id: idOf("users", choice) };
}

function moduleOf(choice: Choice): unknown {
  const number = choice.random.below(30);
  const labels = { plural_label: `Ms ${number}`, singular_label: `M ${number}`, api_name: `M${number}` };
  return choice.spot.method === "POST"
    ? { ...labels, profiles: [{ id: idOf("profiles", choice) }] }
    : { ...labels, id: idOf("modules", choice) };
}

const fieldTypes = [
  "text",
  "integer",
  "picklist",
  "boolean",
  "date",
  "datetime",
  "email",
  "lookup",
  "bigint",
  "double",
  "textarea",
] as const;

function fieldOf(choice: Choice): unknown {
  const { spot, random } = choice;
  const label = { field_label: `Fuzz ${random.below(1_000)}` };
  if (spot.method !== "POST") return { ...label, id: idOf("fields", choice) };
  const data_type = random.pick(fieldTypes);
  return {
    ...label,
    data_type,
    ...(data_type === "picklist" ? { pick_list_values: [{ display_value: "a", actual_value: "a" }] } : {}),
    ...(data_type === "text" ? { length: 1 + random.below(255) } : {}),
    ...(data_type === "lookup" ? { lookup: { module: { api_name: "Accounts" }, display_label: "x" } } : {}),
  };
}
