/** The commands of the property test: each is played on the program and on the model, and what they say is compared. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { VersionName } from "../../src/wire/versions.ts";
import type { ConditionTree, ItemResult, ModuleName, Owed, Powers, RecordValues, WatchItem, WatchModel } from "./watch-model.ts";
import type { Asked, RowQuery, WatchMethod, WatchPort } from "./watch-port.ts";

export type WatchCommand = fc.AsyncCommand<WatchModel, WatchPort>;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** What the documents say of the versions, said again. */
const powersOf = {
  v2: { defaultMs: 2 * hourMs, longestMs: dayMs, returnsValues: false, conditions: false },
  v4: { defaultMs: hourMs, longestMs: 7 * dayMs, returnsValues: true, conditions: false },
  v6: { defaultMs: hourMs, longestMs: 7 * dayMs, returnsValues: true, conditions: true },
} as const satisfies Partial<Record<VersionName, Powers>>;

const watchedModules = ["Leads", "Contacts", "Accounts"] as const satisfies readonly ModuleName[];
const writtenModules = ["Leads", "Contacts"] as const satisfies readonly ModuleName[];
const fieldNames = ["Phone", "Fax", "Description"];

const asked = fc.record({ user: fc.constantFrom(0, 1), version: fc.constantFrom("v2", "v4", "v6", "v6") });
const channelId = fc.constantFrom("1", "2", "-9223372036854775808");
const event = fc
  .tuple(fc.constantFrom(...watchedModules), fc.constantFrom("create", "edit", "delete", "all"))
  .map(([module, name]) => `${module}.${name}`);
const events = fc.array(event, { minLength: 1, maxLength: 4 });
const { tree } = fc.letrec<{ tree: ConditionTree; leaf: ConditionTree; group: ConditionTree }>((tie) => ({
  leaf: fc.constantFrom(...fieldNames).map((field) => ({ field })),
  group: fc.record({ all: fc.boolean(), members: fc.array(tie("tree"), { minLength: 2, maxLength: 2 }) }),
  tree: fc.oneof({ maxDepth: 2 }, tie("leaf"), tie("group")),
}));
const expiryMs = fc.constantFrom(-60_000, hourMs / 2, 3 * hourMs, dayMs, 3 * dayMs, 7 * dayMs, 8 * dayMs);
const said = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(values, { nil: undefined });

const anyItem = fc.record({
  channelId,
  events: said(events),
  notifyUrl: said(fc.constantFrom("/a", "/b?x=1")),
  token: said(fc.constantFrom("first", "second", null)),
  expiryMs: said(expiryMs),
  returnsValues: said(fc.boolean()),
  notifiesRelated: said(fc.boolean()),
  condition: said(fc.option(fc.record({ module: fc.constantFrom(...watchedModules), tree }))),
});
/** POST and PUT say everything that is mandatory, and set conditions only on what they watch. */
const wholeItem = fc.tuple(anyItem, events, fc.constantFrom("/a", "/b?x=1")).map(([item, whole, notifyUrl]): WatchItem => {
  const isWatched = whole.some((one) => one.startsWith(`${item.condition?.module ?? "none"}.`));
  return { ...item, events: whole, notifyUrl, condition: isWatched ? item.condition : undefined };
});
const value = fc.constantFrom(null, "one", "two");
const values: fc.Arbitrary<RecordValues> = fc.dictionary(fc.constantFrom(...fieldNames), value, { maxKeys: 3 });
const module = fc.constantFrom(...writtenModules);
const inserts = fc
  .tuple(module, fc.array(values, { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([of, rows, has]) => insert(of, rows, has));
const updates = fc
  .tuple(module, fc.array(fc.tuple(fc.nat(7), values), { minLength: 1, maxLength: 4 }))
  .map(([of, rows]) => update(of, rows));

/** Any sequence of calls, with time passing between them; the last one collects what is still owed. */
export function watchCommands(size: { readonly maxCommands: number }): fc.Arbitrary<Iterable<WatchCommand>> {
  return fc.commands(
    [
      fc.tuple(asked, fc.array(wholeItem, { minLength: 1, maxLength: 3 })).map(([who, items]) => watch(who, "POST", items)),
      fc.tuple(asked, fc.array(wholeItem, { minLength: 1, maxLength: 2 })).map(([who, items]) => watch(who, "PUT", items)),
      fc.tuple(asked, fc.array(anyItem, { minLength: 1, maxLength: 2 })).map(([who, items]) => watch(who, "PATCH", items)),
      fc.tuple(asked, wholeItem).map(([who, item]) => brokenItem(who, item)),
      fc.tuple(asked, channelId, events).map(([who, id, names]) => deleteEvents(who, id, names)),
      fc.tuple(asked, fc.array(channelId, { minLength: 1, maxLength: 3 })).map(([who, ids]) => disable(who, ids)),
      fc.constantFrom(1_000, hourMs / 2, hourMs, 2 * hourMs, dayMs).map((ms) => pass(ms)),
      fc
        .record({
          user: fc.constantFrom(0, 1),
          channelId: fc.option(channelId),
          module: fc.option(fc.constantFrom(...watchedModules)),
          page: fc.constantFrom(1, 1, 2),
          perPage: fc.constantFrom(1, 2, 200),
        })
        .map(({ user, ...query }) => list(user, query)),
      inserts,
      inserts,
      updates,
      updates,
      updates,
      fc.tuple(module, fc.array(fc.nat(7), { minLength: 1, maxLength: 2 })).map(([of, picks]) => remove(of, picks)),
      fc.constant(collect()),
    ],
    // Up to the length that is asked for: by itself fast-check prefers sequences too short for much to happen.
    { ...size, size: "max" },
  );
}

/** After a sequence: nothing more is owed than the model says, and every row of both users is as it says. */
export async function compareAtEnd(model: WatchModel, real: WatchPort): Promise<void> {
  await collect().run(model, real);
  for (const user of [0, 1]) await list(user, { channelId: null, module: null, page: 1, perPage: 200 }).run(model, real);
}

function watch(who: Asked & { version: keyof typeof powersOf }, method: WatchMethod, items: readonly WatchItem[]): WatchCommand {
  return command(`${method} ${text(who)} ${text(items)}`, async (model, real) => {
    const sent = items.map((item) => ({ ...item, notifyUrl: item.notifyUrl === undefined ? undefined : real.url(item.notifyUrl) }));
    const expected = sent.map((item) => expectedOf(model, { who, method, item }));
    const bodies = sent.map((item) => bodyOf(item, model.now));
    assert.deepEqual(await real.watch(who, method, bodies), expected);
  });
}

function expectedOf(
  model: WatchModel,
  call: { who: { user: number; version: keyof typeof powersOf }; method: WatchMethod; item: WatchItem },
): ItemResult {
  const { who, method, item } = call;
  const powers = powersOf[who.version];
  if (method === "POST") return model.enable(who.user, item, powers);
  return method === "PUT" ? model.replace(who.user, item, powers) : model.merge(who.user, item, powers);
}

/** An item whose second event is none: it is refused and changes nothing, and the one after it goes on. */
function brokenItem(who: Asked & { version: keyof typeof powersOf }, item: WatchItem): WatchCommand {
  return command(`POST broken ${text(who)} ${text(item)}`, async (model, real) => {
    const sent = { ...item, notifyUrl: real.url(item.notifyUrl ?? "/") };
    const body = bodyOf(sent, model.now);
    const broken = { ...bodyOf({ ...sent, channelId: "2" }, model.now), events: ["Leads.edit", "Unicorns.edit"] };
    const expected = [{ code: "INVALID_DATA" }, model.enable(who.user, sent, powersOf[who.version])];
    assert.deepEqual(await real.watch(who, "POST", [broken, body]), expected);
  });
}

function deleteEvents(who: Asked, id: string, names: readonly string[]): WatchCommand {
  return command(`PATCH _delete_events ${text(who)} ${id} ${text(names)}`, async (model, real) => {
    const expected = model.deleteEvents(who.user, id, names);
    assert.deepEqual(await real.watch(who, "PATCH", [{ channel_id: id, events: names, _delete_events: true }]), [expected]);
  });
}

function disable(who: Asked, ids: readonly string[]): WatchCommand {
  return command(`DELETE ${text(who)} ${text(ids)}`, async (model, real) => {
    const expected = ids.map((id) => model.disable(who.user, id));
    assert.deepEqual(await real.disable(who, ids), expected);
  });
}

function pass(ms: number): WatchCommand {
  return command(`pass ${ms} ms`, (model, real) => {
    real.advance(ms);
    model.now += ms;
    assert.equal(real.now, model.now);
    return Promise.resolve();
  });
}

function list(user: number, query: RowQuery): WatchCommand {
  return command(`GET user ${user} ${text(query)}`, async (model, real) => {
    const all = model.rows(user, query);
    const end = query.page * query.perPage;
    const expected = all.slice(end - query.perPage, end);
    assert.deepEqual(await real.rows(user, query), { rows: expected, hasMore: expected.length > 0 && all.length > end });
  });
}

function insert(of: ModuleName, rows: readonly RecordValues[], withAccount: boolean): WatchCommand {
  return command(`insert ${of} ${text(rows)} ${withAccount ? "of the account" : ""}`, async (model, real) => {
    const account = withAccount && of === "Contacts" ? { Account_Name: { id: model.accountId } } : {};
    const items = rows.map((row) => ({ Last_Name: "Gibbons", ...row, ...account }));
    const ids = await real.write(of, "insert", items);
    const written = rows.map((row, index) => ({ id: ids[index] ?? "", values: row }));
    model.insert(of, written, withAccount);
    await collectIfImmediate(model, real);
  });
}

/** Records are picked by number, so that a pick means something whatever records there are. */
function update(of: ModuleName, rows: readonly (readonly [number, RecordValues])[]): WatchCommand {
  return command(`update ${of} ${text(rows)}`, async (model, real) => {
    const ids = model.idsOf(of);
    const items = rows.flatMap(([pick, row]) =>
      ids
        .slice(pick % Math.max(1, ids.length))
        .slice(0, 1)
        .map((id) => ({ id, values: row })),
    );
    if (items.length === 0) return;
    const sent = items.map(({ id, values: row }) => ({ id, ...row }));
    await real.write(of, "update", sent);
    model.update(of, items);
    await collectIfImmediate(model, real);
  });
}

function remove(of: ModuleName, picks: readonly number[]): WatchCommand {
  return command(`delete ${of} ${text(picks)}`, async (model, real) => {
    const ids = model.idsOf(of);
    const gone = [...new Set(picks.flatMap((pick) => ids.slice(pick % Math.max(1, ids.length)).slice(0, 1)))];
    if (gone.length === 0) return;
    await real.write(of, "delete", gone);
    model.remove(of, gone);
    await collectIfImmediate(model, real);
  });
}

function collect(): WatchCommand {
  return command("collect", async (model, real) => {
    const expected = model.takeOwed();
    assert.deepEqual(sorted(await real.collect(expected.length)), sorted(expected));
  });
}

async function collectIfImmediate(model: WatchModel, real: WatchPort): Promise<void> {
  if (real.isImmediate) await collect().run(model, real);
}

/** In any order: two users may have channels of one id, and what they are told may arrive in any order. */
function sorted(owed: readonly Owed[]): readonly string[] {
  return owed
    .map(({ channelId: id, token, notifyUrl, module: of, operation, ids, affected, values: told }) =>
      text([id, token, notifyUrl, of, operation, ids, sortedEntries(affected), told === null ? null : sortedValues(told)]),
    )
    .toSorted();
}

function sortedValues(told: NonNullable<Owed["values"]>): unknown {
  return sortedEntries(told).map(([id, row]) => [id, sortedEntries(row)]);
}

function sortedEntries<T>(values_: Readonly<Record<string, T>>): readonly (readonly [string, T])[] {
  return Object.entries(values_).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function bodyOf(item: WatchItem, now: number): Readonly<Record<string, unknown>> {
  const { condition } = item;
  return {
    channel_id: item.channelId,
    events: item.events,
    notify_url: item.notifyUrl,
    token: item.token,
    channel_expiry: item.expiryMs === undefined ? undefined : new Date(now + item.expiryMs).toISOString().replace(".000Z", "Z"),
    return_affected_field_values: item.returnsValues,
    notify_on_related_action: item.notifiesRelated,
    notification_condition:
      condition === undefined || condition === null
        ? condition
        : [{ type: "field_selection", module: { api_name: condition.module }, field_selection: selectionOf(condition.tree) }],
  };
}

function selectionOf(node: ConditionTree): unknown {
  if ("field" in node) return { field: { api_name: node.field } };
  return { group_operator: node.all ? "and" : "or", group: node.members.map(selectionOf) };
}

function command(name: string, run: (model: WatchModel, real: WatchPort) => Promise<void>): WatchCommand {
  return { check: () => true, run, toString: () => name };
}

function text(value_: unknown): string {
  return JSON.stringify(value_);
}
