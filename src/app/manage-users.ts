/** Users of an org: listed, made, changed, deactivated and deleted; each of it is a change of the module `users` (ruling 12). */
import type { Operation } from "../core/channel.ts";
import { type Id, idOf, readId } from "../core/ids.ts";
import { type User, type UserStatus, fullName } from "../core/org.ts";
import { type Change, type Values, areSameValues } from "../core/record.ts";
import { type Result, ok, refuse } from "../core/result.ts";
import { renderOrg } from "../wire/org.ts";
import { type UserOrder, filterOf, readUserItem, renderUser } from "../wire/user.ts";
import type { Caller } from "../core/principal.ts";
import type { Input, Output } from "./commands.ts";
import type { Context } from "./context.ts";
import { type Home, userRef } from "./directory.ts";
import { type WriteDone, notify } from "./notify.ts";

/** The first number of a user among an org's ids. */
export const firstUserSequence = 50_000_001;

export const usersModule = "users";

type UserDone = { readonly user: User; readonly before: User | null; readonly operation: Operation };

export async function listUsers(context: Context, input: Input<"users.list">): Promise<Output<"users.list">> {
  const home = await context.directory.home(context.tx, input.caller.org);
  const statuses = filterOf(input.type);
  if (statuses === null) return refuse({ code: "param_invalid", param: "type" });
  const isWanted = (user: User) =>
    statuses.includes(user.status) &&
    (input.type !== "CurrentUser" || user.id === input.caller.userId) &&
    (input.ids === null || input.ids.includes(user.id));
  const { page, perPage } = input.page;
  const users = [...home.users.values()].filter(isWanted);
  const rows = users.slice((page - 1) * perPage, page * perPage).map((user) => renderUserOf(home, user));
  return ok({ rows, hasMore: users.length > page * perPage });
}

export async function getUser(context: Context, input: Input<"users.get">): Promise<Output<"users.get">> {
  const home = await context.directory.home(context.tx, input.caller.org);
  const user = home.users.get(input.id);
  if (user === undefined) return refuse({ code: "id_unknown_in_path", pathIndex: 1 });
  return ok(renderUserOf(home, user));
}

export async function getOrg(context: Context, input: Input<"org.get">): Promise<Output<"org.get">> {
  const home = await context.directory.home(context.tx, input.caller.org);
  const [first] = home.users.values();
  return renderOrg(home.org, { primaryEmail: first?.email ?? null });
}

export async function writeUsers(context: Context, input: Input<"users.write">): Promise<Output<"users.write">> {
  const home = await context.directory.home(context.tx, input.caller.org);
  const results: Result<UserDone>[] = [];
  for (const [index, item] of input.items.entries()) {
    results.push(await writeUser({ context, home, caller: input.caller }, { ...input, item, index }));
  }
  await notifyOf({ context, home, caller: input.caller }, results);
  return ok(results.map((result) => (result.ok ? ok({ id: result.value.user.id }) : result)));
}

type Write = { readonly context: Context; readonly home: Home; readonly caller: Caller };
type Item = { readonly operation: Operation; readonly idInPath: string | null; readonly item: unknown; readonly index: number };

async function writeUser(write: Write, item: Item): Promise<Result<UserDone>> {
  if (item.operation === "delete") return deleteUser(write, item);
  const order = readUserItem(item.item, { index: item.index, operation: item.operation });
  if (!order.ok) return order;
  const ownId = order.value.operation === "update" ? (item.idInPath ?? order.value.id) : null;
  if (order.value.email !== undefined && isEmailTaken(write.home, order.value.email, ownId)) {
    return refuse({ code: "duplicate", path: ["users", item.index, "email"] });
  }
  return order.value.operation === "insert" ? ok(await insertUser(write, order.value)) : updateUser(write, item, order.value);
}

async function insertUser({ context, home, caller }: Write, order: UserOrder & { operation: "insert" }): Promise<UserDone> {
  const sequence = await context.tx.orgs.takeNumbers({ org: home.org.key, name: "user", start: firstUserSequence, count: 1 });
  const user: User = {
    id: idOf(home.org.zgid, sequence),
    email: order.email,
    firstName: order.firstName,
    lastName: order.lastName,
    status: order.status,
    more: order.more,
    createdAt: context.now,
    createdBy: caller.userId,
    modifiedAt: context.now,
    modifiedBy: caller.userId,
  };
  await context.tx.orgs.insertUser(home.org.key, user);
  home.users.set(user.id, user);
  return { user, before: null, operation: "insert" };
}

async function updateUser(write: Write, item: Item, order: UserOrder & { operation: "update" }): Promise<Result<UserDone>> {
  const before = liveUser(write.home, item.idInPath ?? order.id);
  if (before === null) return refuseUnknown(item, order.id);
  return ok(
    await putUser(write, before, {
      email: order.email ?? before.email,
      firstName: order.firstName === undefined ? before.firstName : order.firstName,
      lastName: order.lastName ?? before.lastName,
      status: order.status ?? before.status,
      more: { ...before.more, ...order.more },
      operation: "update",
    }),
  );
}

async function deleteUser(write: Write, item: Item): Promise<Result<UserDone>> {
  const id = readId(item.item);
  const before = liveUser(write.home, id);
  if (before === null) return refuseUnknown(item, id);
  return ok(await putUser(write, before, { ...before, status: "deleted", operation: "delete" }));
}

type UserState = Pick<User, "email" | "firstName" | "lastName" | "more"> & { readonly status: UserStatus; readonly operation: Operation };

async function putUser({ context, home, caller }: Write, before: User, state: UserState): Promise<UserDone> {
  const { operation, ...wanted } = state;
  const changed: User = { ...before, ...wanted };
  const user = areSameValues(valuesOf(before), valuesOf(changed))
    ? before
    : { ...changed, modifiedAt: context.now, modifiedBy: caller.userId };
  await context.tx.orgs.updateUser(home.org.key, user);
  home.users.set(user.id, user);
  return { user, before, operation };
}

function liveUser(home: Home, id: string | null): User | null {
  const user = id === null ? undefined : home.users.get(id);
  return user === undefined || user.status === "deleted" ? null : user;
}

function refuseUnknown(item: Item, id: Id | null): Result<never> {
  if (item.idInPath !== null) return refuse({ code: "id_unknown_in_path", pathIndex: 1 });
  return refuse({ code: "record_unknown", id: id ?? "" });
}

/** Whether another user than `ownId` has the address. */
function isEmailTaken(home: Home, email: string, ownId: Id | null): boolean {
  return [...home.users.values()].some(
    (user) => user.id !== ownId && user.status !== "deleted" && user.email.toLowerCase() === email.toLowerCase(),
  );
}

async function notifyOf({ context, home, caller }: Write, results: readonly Result<UserDone>[]): Promise<void> {
  const changes = results.flatMap((result) => (result.ok ? changesOf(result.value) : []));
  if (changes.length === 0) return;
  await notify(context, home, {
    module: usersModule,
    changes,
    by: caller.userId,
    ...userTeller(home),
  });
}

/** What a notification tells of users; as they are now. */
export function userTeller(home: Home): Pick<WriteDone, "lookupsOf" | "deletion" | "renderFields"> {
  return {
    lookupsOf: () => [],
    deletion: { fields: ["status"], values: { status: "deleted" } },
    renderFields: (id, fields) => {
      const user = home.users.get(id);
      const values = user === undefined ? {} : valuesOf(user);
      return Promise.resolve(Object.fromEntries(fields.map((field) => [field, values[field] ?? null])));
    },
  };
}

function changesOf({ user, before, operation }: UserDone): Change[] {
  const old = before === null ? {} : valuesOf(before);
  const now = valuesOf(user);
  if (areSameValues(old, now)) return [];
  const changedFields = operation === "delete" ? [] : Object.keys(now).filter((key) => (old[key] ?? null) !== (now[key] ?? null));
  return [
    { recordId: user.id, operation, changedFields, before: before === null ? null : old, after: operation === "delete" ? null : now },
  ];
}

function valuesOf(user: User): Record<string, string | null> & Values {
  return {
    first_name: user.firstName,
    last_name: user.lastName,
    full_name: fullName(user),
    email: user.email,
    status: user.status,
    ...user.more,
  };
}

function renderUserOf(home: Home, user: User) {
  return renderUser(user, { org: home.org, userOf: (id) => userRef(home, id) });
}
