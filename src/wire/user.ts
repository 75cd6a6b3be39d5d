/** Users on the wire: `{"users":[…]}` in, the keys of PROTOCOL F.4 out. Roles and profiles are accepted and not kept. */
import { assert } from "../core/assert.ts";
import type { Operation } from "../core/channel.ts";
import { readId } from "../core/ids.ts";
import type { Id } from "../core/ids.ts";
import { limits } from "../core/limits.ts";
import { fullName } from "../core/org.ts";
import type { Org, User, UserStatus } from "../core/org.ts";
import type { Path } from "../core/refusal.ts";
import { ok, refuse } from "../core/result.ts";
import type { Result } from "../core/result.ts";
import { writeDateTime } from "./datetime.ts";
import { renderRefusal } from "./error-codes.ts";
import type { Json } from "./json.ts";
import { isObject, valueOf } from "./lossless-json.ts";
import { writeStatus } from "./record-response.ts";
import { profileOf, roleOf } from "./role-profile.ts";
import { countChars, isEmail, isEmpty } from "./record-value.ts";
import type { Version } from "./versions.ts";

/** The further text keys of a user, kept as they came and printed in this order. */
export const moreUserKeys = [
  "locale",
  "language",
  "country_locale",
  "time_zone",
  "time_format",
  "date_format",
  "alias",
  "phone",
  "mobile",
  "fax",
  "website",
  "street",
  "city",
  "state",
  "zip",
  "country",
  "dob",
  "signature",
] as const;

type MoreText = Readonly<Record<string, string | null>>;

/** What a request asks of a user. In an update undefined is "leave it", null "empty it". */
export type UserOrder =
  | {
      readonly operation: "insert";
      readonly email: string;
      readonly firstName: string | null;
      readonly lastName: string;
      readonly status: "active" | "inactive";
      readonly more: MoreText;
    }
  | {
      readonly operation: "update";
      /** The item's own id; null when it has none, and the path must name the user. */
      readonly id: Id | null;
      readonly email: string | undefined;
      readonly firstName: string | null | undefined;
      readonly lastName: string | undefined;
      /** `inactive` deactivates the user, `active` brings it back. */
      readonly status: "active" | "inactive" | undefined;
      /** Only the keys that were given. */
      readonly more: MoreText;
    };

export type UserContext = {
  readonly org: Org;
  userOf(id: Id): { readonly name: string; readonly id: Id } | null;
};

export type UserAnswer = { readonly status: number; readonly body: Json };

type Item = { readonly [key: string]: unknown };

/** The keys of an item as they were given: undefined is "not said", null "none". */
type Given = {
  readonly email: string | null | undefined;
  readonly firstName: string | null | undefined;
  readonly lastName: string | null | undefined;
  readonly status: "active" | "inactive" | undefined;
  readonly more: MoreText;
};

const writtenMessages: Record<Operation, string> = { insert: "User added", update: "User updated", delete: "User deleted" };

const mandatoryKeys = ["email", "last_name"] as const;
const nameKeys: ReadonlySet<string> = new Set(["email", "last_name", "first_name"]);
const textKeys: readonly string[] = [...nameKeys, ...moreUserKeys];
const settableStatuses = ["active", "inactive"] as const;

const statusesByType: Readonly<Record<string, readonly UserStatus[]>> = {
  AllUsers: ["active", "inactive"],
  ActiveUsers: ["active"],
  DeactiveUsers: ["inactive"],
  ConfirmedUsers: ["active", "inactive"],
  NotConfirmedUsers: [],
  DeletedUsers: ["deleted"],
  ActiveConfirmedUsers: ["active"],
  AdminUsers: ["active", "inactive"],
  ActiveConfirmedAdmins: ["active"],
  CurrentUser: ["active"],
};

/** What `type=` of the list of users may be. */
export const userTypes: readonly string[] = Object.keys(statusesByType);

/** The items of a body; refused when it has none or more than one request may write. */
export function readUserItems(body: unknown): Result<readonly unknown[]> {
  if (!isObject(body)) return refuse({ code: "body_malformed" });
  const items = valueOf(body, "users");
  if (items === undefined || items === null) return refuse({ code: "mandatory_missing", path: ["users"] });
  if (!Array.isArray(items)) return refuse({ code: "value_invalid", path: ["users"], expectedType: "jsonarray" });
  if (items.length === 0) return refuse({ code: "mandatory_missing", path: ["users"] });
  if (items.length > limits.usersPerWriteMax) {
    return refuse({ code: "too_many_items", path: ["users"], limit: limits.usersPerWriteMax });
  }
  return ok(items);
}

/** Reads one item of `users`; the first error wins, mandatory keys before values (DESIGN ruling 7). */
export function readUserItem(
  item: unknown,
  context: { readonly index: number; readonly operation: "insert" | "update" },
): Result<UserOrder> {
  const path: Path = ["users", context.index];
  if (!isObject(item)) return refuse({ code: "value_invalid", path, expectedType: "jsonobject" });
  for (const key of mandatoryKeys) {
    const isLeftOut = valueOf(item, key) === undefined;
    if (isLeftOut ? context.operation === "insert" : isEmpty(valueOf(item, key))) {
      return refuse({ code: "mandatory_missing", path: [...path, key] });
    }
  }
  return context.operation === "insert" ? readInsert(item, path) : readUpdate(item, path);
}

/** The statuses that `type=` asks for, null when there is no such type. `CurrentUser` is one user more narrowly: the caller. */
export function filterOf(type: string): readonly UserStatus[] | null {
  return Object.hasOwn(statusesByType, type) ? (statusesByType[type] ?? null) : null;
}

/** The user as a row of `users`; a user made by the seed prints as its own maker. */
export function renderUser(user: User, context: UserContext): Json {
  const { org } = context;
  return {
    id: user.id,
    full_name: fullName(user),
    first_name: user.firstName,
    last_name: user.lastName,
    email: user.email,
    zuid: user.id,
    status: user.status,
    confirm: true,
    role: roleOf(user.id),
    profile: profileOf(user.id),
    ...renderMore(user.more, org),
    microsoft: false,
    sandboxDeveloper: false,
    personal_account: false,
    Isonline: false,
    type__s: "Regular User",
    category: "regular_user",
    status_reason__s: null,
    Currency: org.currency,
    Reporting_To: null,
    created_time: writeDateTime(user.createdAt, org.timeZone),
    Modified_Time: writeDateTime(user.modifiedAt, org.timeZone),
    created_by: renderUserRef(user.createdBy ?? user.id, context),
    Modified_By: renderUserRef(user.modifiedBy ?? user.id, context),
  };
}

/** What a write of users came to, item by item (PROTOCOL F.4). */
export function userAnswer(results: readonly Result<{ readonly id: Id }>[], operation: Operation, version: Version): UserAnswer {
  const users = results.map((result) =>
    result.ok
      ? { code: "SUCCESS", details: { id: result.value.id }, message: writtenMessages[operation], status: "success" }
      : renderRefusal(result.error, version).body,
  );
  return { status: writeStatus(results, operation, version), body: { users } };
}

function readInsert(item: Item, path: Path): Result<UserOrder> {
  const given = readGiven(item, path);
  if (!given.ok) return given;
  const { email, lastName, firstName, status, more } = given.value;
  assert(typeof email === "string" && typeof lastName === "string", "mandatory keys were checked");
  return ok({ operation: "insert", email, firstName: firstName ?? null, lastName, status: status ?? "active", more });
}

function readUpdate(item: Item, path: Path): Result<UserOrder> {
  const idGiven = valueOf(item, "id");
  const id = isEmpty(idGiven) ? null : readId(idGiven);
  if (id === null && !isEmpty(idGiven)) return refuse({ code: "value_invalid", path: [...path, "id"], expectedType: "bigint" });
  const given = readGiven(item, path);
  if (!given.ok) return given;
  const { email, lastName, firstName, status, more } = given.value;
  return ok({ operation: "update", id, email: email ?? undefined, firstName, lastName: lastName ?? undefined, status, more });
}

function readGiven(item: Item, path: Path): Result<Given> {
  const texts = new Map<string, string | null>();
  for (const key of textKeys) {
    const text = readText(item, key, path);
    if (!text.ok) return text;
    if (text.value !== undefined) texts.set(key, text.value);
  }
  const email = texts.get("email");
  if (typeof email === "string" && !isEmail(email)) {
    return refuse({ code: "value_invalid", path: [...path, "email"], expectedType: "email" });
  }
  const status = readStatus(item, path);
  if (!status.ok) return status;
  const more = Object.fromEntries([...texts].filter(([key]) => !nameKeys.has(key)));
  return ok({ email, lastName: texts.get("last_name"), firstName: texts.get("first_name"), status: status.value, more });
}

/** undefined: not said; null: null or an empty text. */
function readText(item: Item, key: string, path: Path): Result<string | null | undefined> {
  const given = valueOf(item, key);
  if (given === undefined) return ok(undefined);
  if (isEmpty(given)) return ok(null);
  if (typeof given !== "string") return refuse({ code: "value_invalid", path: [...path, key], expectedType: "text" });
  if (countChars(given) > limits.userTextCharsMax) {
    return refuse({ code: "value_invalid", path: [...path, key], maximumLength: limits.userTextCharsMax });
  }
  return ok(given);
}

function readStatus(item: Item, path: Path): Result<Given["status"]> {
  const given = valueOf(item, "status");
  if (given === undefined) return ok(undefined);
  const status = settableStatuses.find((known) => known === given);
  if (status !== undefined) return ok(status);
  return refuse({ code: "value_invalid", path: [...path, "status"], supportedValues: settableStatuses });
}

/** The further text keys, with the org's own in place of those that are not set. */
function renderMore(more: MoreText, org: Org): Record<string, string | null> {
  const defaults: MoreText = { locale: "en_US", language: "en_US", country_locale: "en_US", time_zone: org.timeZone };
  return Object.fromEntries(moreUserKeys.map((key) => [key, more[key] ?? defaults[key] ?? null]));
}

function renderUserRef(id: Id, context: UserContext): Json {
  return { name: context.userOf(id)?.name ?? null, id };
}
