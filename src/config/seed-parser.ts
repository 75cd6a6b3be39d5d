/**
 * From the JSON of a seed file to a `Seed`. One org is the document itself, several are a list under `orgs`:
 *
 *   { org: {name, zgid, time_zone?, currency?}, users?: […], clients?: […], modules?: […], records?: {Module: […]} }
 *
 * Whatever is wrong is told with its JSON path, and then nothing of the file counts.
 */
import { dataTypes } from "../core/catalog.ts";
import type { DataType } from "../core/catalog.ts";
import { isZgid } from "../core/ids.ts";
import { readLifecycleUrl } from "../core/lifecycle.ts";
import { limits } from "../core/limits.ts";
import type { Result } from "../core/result.ts";
import { ok, refuse } from "../core/result.ts";
import type { Seed, SeedClient, SeedField, SeedModule, SeedOrg, SeedUser } from "../core/seed.ts";
import { createFaults, isObject, readObject } from "./json-reader.ts";
import type { Faults, JsonNode, JsonObject } from "./json-reader.ts";

/** What a client may do when its scope is not said: all there is. */
export const defaultScopes: readonly string[] = [
  "ZohoCRM.notifications.ALL",
  "ZohoCRM.modules.ALL",
  "ZohoCRM.settings.ALL",
  "ZohoCRM.users.ALL",
  "ZohoCRM.org.ALL",
  "ZohoSearch.securesearch.READ",
];

/** The user of an org whose users are not said; it needs one, to own what is made. */
export const defaultUser: SeedUser = { email: "owner@watchpost.example", firstName: null, lastName: "Owner", password: null };

/** Set by the server, or made of parts that a seed cannot say. */
const typesNotForSeeds: readonly DataType[] = [
  "ownerlookup",
  "multiselectlookup",
  "multiuserlookup",
  "subform",
  "formula",
  "autonumber",
  "profileimage",
  "layout",
  "territories",
  "tags",
  "consent_lookup",
  "multireminder",
  "reminder",
  "recurrence",
  "participants",
  "comments",
  "pricing",
  "time_range",
];
export const seedDataTypes: readonly DataType[] = dataTypes.filter((type) => !typesNotForSeeds.includes(type));

const textMax = limits.seedTextCharsMax;
const orgKeys = ["org", "users", "clients", "modules", "records"];

/** Notes where a value that must be the only one of its kind was first seen. */
type Uniques = (kind: string, value: string, path: string) => void;
type Context = { readonly faults: Faults; readonly unique: Uniques };

/** Reads a parsed document; the error is `$.json.path: what was expected, what came`. */
export function parseSeed(document: unknown): Result<Seed, string> {
  const faults = createFaults();
  const context: Context = { faults, unique: createUniques(faults) };
  const root: JsonNode = { path: "$", value: document };
  const hasSeveral = isObject(document) && Object.hasOwn(document, "orgs");
  const nodes = hasSeveral ? readObject(root, ["orgs"], faults).list("orgs", Number.MAX_SAFE_INTEGER) : [root];
  const orgs = nodes.map((node) => parseOrg(node, context));
  const fault = faults.first();
  return fault === null ? ok({ orgs }) : refuse(fault);
}

function parseOrg(node: JsonNode, context: Context): SeedOrg {
  const { faults, unique } = context;
  const object = readObject(node, orgKeys, faults);
  const org = readObject(object.node("org"), ["name", "zgid", "time_zone", "currency", "lifecycle_url"], faults);
  const name = org.text("name", textMax);
  const zgid = org.text("zgid", textMax);
  if (!isZgid(zgid)) faults.add(`${org.path}.zgid`, "expected 1 to 10 digits, no leading zero, at most 9223372035");
  unique("zgid", zgid, `${org.path}.zgid`);
  const timeZone = org.optionalText("time_zone", textMax) ?? "UTC";
  if (!isTimeZone(timeZone)) faults.add(`${org.path}.time_zone`, "expected an IANA name such as Asia/Kolkata");
  const currency = org.optionalText("currency", textMax) ?? "USD";
  if (!Intl.supportedValuesOf("currency").includes(currency)) faults.add(`${org.path}.currency`, "expected an ISO 4217 code such as USD");
  const lifecycleUrl = org.optionalText("lifecycle_url", limits.lifecycleUrlCharsMax);
  if (lifecycleUrl !== null && readLifecycleUrl(lifecycleUrl) === null) {
    faults.add(`${org.path}.lifecycle_url`, "expected an http or https URL without user and password");
  }
  const said = object.list("users", Number.MAX_SAFE_INTEGER).map((user) => parseUser(user, { zgid, context }));
  const users = said.length === 0 ? [defaultUser] : said;
  const clients = object.list("clients", Number.MAX_SAFE_INTEGER).map((client) => parseClient(client, { users, context }));
  const modules = object.list("modules", limits.seedModulesPerOrgMax).map((module) => parseModule(module, { zgid, context }));
  const records = object.members("records").map(({ key, node: items }) => ({ module: key, items: parseItems(items, faults) }));
  const told = lifecycleUrl === null ? {} : { lifecycleUrl };
  return { path: node.path, name, zgid, timeZone, currency, ...told, users, clients, modules, records };
}

function parseUser(node: JsonNode, { zgid, context }: { zgid: string; context: Context }): SeedUser {
  const user = readObject(node, ["email", "first_name", "last_name", "password"], context.faults);
  const email = user.text("email", textMax);
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) context.faults.add(`${user.path}.email`, "expected an e-mail address");
  context.unique(`email in org ${zgid}`, email.toLowerCase(), `${user.path}.email`);
  return {
    email,
    firstName: user.optionalText("first_name", textMax),
    lastName: user.text("last_name", textMax),
    password: user.optionalText("password", limits.passwordCharsMax),
  };
}

const clientKeys = ["client_id", "client_secret", "client_name", "user_email", "scope", "refresh_token", "grant_token", "redirect_uri"];

function parseClient(node: JsonNode, { users, context }: { users: readonly SeedUser[]; context: Context }): SeedClient {
  const { faults, unique } = context;
  const client = readObject(node, clientKeys, faults);
  const clientId = client.text("client_id", textMax);
  unique("client_id", clientId, `${client.path}.client_id`);
  const email = client.optionalText("user_email", textMax);
  const user = email === null ? users[0] : users.find((known) => known.email.toLowerCase() === email.toLowerCase());
  if (user === undefined) faults.add(`${client.path}.user_email`, `no user of this org has the e-mail address ${JSON.stringify(email)}`);
  const refreshToken = client.optionalText("refresh_token", textMax);
  if (refreshToken !== null) unique("refresh_token", refreshToken, `${client.path}.refresh_token`);
  const grantToken = client.optionalText("grant_token", textMax);
  if (grantToken !== null) unique("grant_token", grantToken, `${client.path}.grant_token`);
  const redirectUri = client.optionalText("redirect_uri", textMax);
  if (redirectUri !== null && !isRedirectUri(redirectUri)) {
    faults.add(`${client.path}.redirect_uri`, "expected a URL without a fragment, such as https://app.example/callback");
  }
  const clientSecret = client.text("client_secret", textMax);
  return {
    clientId,
    clientSecret,
    name: client.optionalText("client_name", textMax),
    userEmail: user?.email ?? "",
    acts: email === null && redirectUri !== null ? "with_consent" : "alone",
    scopes: parseScopes(client, faults),
    refreshToken,
    grantToken,
    redirectUri,
  };
}

/** Applications may have schemes of their own; those that a browser would run instead of opening are none. */
export function isRedirectUri(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && !/^(?:javascript|data|vbscript|blob|about|file):$/.test(url.protocol) && !text.includes("#");
}

/** The wire separates scopes with commas, the token answer with spaces; both are read. */
function parseScopes(client: JsonObject, faults: Faults): readonly string[] {
  const text = client.optionalText("scope", limits.seedScopeCharsMax);
  if (text === null) return defaultScopes;
  const scopes = text.split(/[\s,]+/).filter((scope) => scope !== "");
  const areScopes = scopes.length > 0 && scopes.every((scope) => /^\w+(\.\w+){1,3}$/.test(scope));
  if (!areScopes) faults.add(`${client.path}.scope`, "expected scopes such as ZohoCRM.modules.ALL, separated by commas");
  return scopes;
}

function parseModule(node: JsonNode, { zgid, context }: { zgid: string; context: Context }): SeedModule {
  const module = readObject(node, ["api_name", "singular_label", "plural_label", "fields"], context.faults);
  const apiName = apiNameOf(module, context.faults);
  context.unique(`module in org ${zgid}`, apiName.toLowerCase(), `${module.path}.api_name`);
  const pluralLabel = module.optionalText("plural_label", textMax) ?? apiName.replaceAll("_", " ");
  const singularLabel = module.optionalText("singular_label", textMax) ?? pluralLabel;
  const fields = module
    .list("fields", limits.seedFieldsPerModuleMax)
    .map((field) => parseField(field, { moduleName: `${zgid} ${apiName}`, context }));
  return { apiName, singularLabel, pluralLabel, fields };
}

const fieldKeys = ["api_name", "field_label", "data_type", "length", "mandatory", "unique", "pick_list_values", "lookup_module"];

function parseField(node: JsonNode, { moduleName, context }: { moduleName: string; context: Context }): SeedField {
  const { faults, unique } = context;
  const field = readObject(node, fieldKeys, faults);
  const apiName = apiNameOf(field, faults);
  unique(`field in module ${moduleName}`, apiName, `${field.path}.api_name`);
  const dataType = field.text("data_type", textMax);
  if (!seedDataTypes.some((type) => type === dataType)) {
    faults.add(`${field.path}.data_type`, `expected one of ${seedDataTypes.join(", ")}`);
  }
  const lookupModule = field.optionalText("lookup_module", textMax);
  if ((dataType === "lookup") !== (lookupModule !== null)) {
    faults.add(`${field.path}.lookup_module`, "expected with the data type lookup, and with no other");
  }
  const values = field.list("pick_list_values", Number.MAX_SAFE_INTEGER);
  const wrongValue = values.find(({ value }) => typeof value !== "string" || value === "" || value.length > textMax);
  if (wrongValue !== undefined) faults.add(wrongValue.path, `expected a text of 1 to ${String(textMax)} characters`);
  return {
    apiName,
    label: field.optionalText("field_label", textMax) ?? apiName.replaceAll("_", " "),
    dataType,
    length: field.optionalInteger("length", { min: 1, max: limits.seedFieldLengthMax }),
    isMandatory: field.flag("mandatory"),
    ...(field.flag("unique") ? { isUnique: true } : {}),
    pickListValues: values.map(({ value }) => String(value)),
    lookupModule,
  };
}

function apiNameOf(object: JsonObject, faults: Faults): string {
  const apiName = object.text("api_name", textMax);
  if (!/^[A-Za-z]\w{0,49}$/.test(apiName)) {
    faults.add(`${object.path}.api_name`, "expected a letter, then at most 49 letters, digits and underscores");
  }
  return apiName;
}

/** Records stay as a request would send them; the write that makes them judges their fields. */
function parseItems({ path, value }: JsonNode, faults: Faults): readonly Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(value)) faults.add(path, "expected a list of records");
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  const wrong = items.findIndex((item) => !isObject(item));
  if (wrong !== -1) faults.add(`${path}[${String(wrong)}]`, "expected a record, which is an object");
  return items.filter(isObject);
}

function createUniques(faults: Faults): Uniques {
  const seen = new Map<string, string>();
  return (kind, value, path) => {
    const key = `${kind}\n${value}`;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, path);
    else if (value !== "") faults.add(path, `given twice; it is also at ${first}`);
  };
}

/** Offsets such as +05:30, which the runtime takes too, are no names. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    // A RangeError is expected here: the runtime knows no such zone.
    return false;
  }
}
