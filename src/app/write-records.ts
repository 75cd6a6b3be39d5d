/** Inserts, updates and deletes records: reads each item, changes what it names, and notifies, all in one transaction. */
import type { Field, Module } from "../core/catalog.ts";
import { uniqueFields } from "../core/duplicate-check.ts";
import type { Id } from "../core/ids.ts";
import { idOf, readId } from "../core/ids.ts";
import { type Change, type CrmRecord, type Values, areSameValues, listChangedFields } from "../core/record.ts";
import { type Result, ok, refuse } from "../core/result.ts";
import type { WrittenRecord } from "../core/written.ts";
import { type LookupRef, lookupModuleKey, readRecordItem } from "../wire/record-request.ts";
import type { Input, Output } from "./commands.ts";
import type { Context } from "./context.ts";
import { type Home, userRef } from "./directory.ts";
import { Duplicates } from "./duplicates.ts";
import { nextSecondMs } from "./list-pages.ts";
import { notify } from "./notify.ts";
import { recordTeller } from "./tell-records.ts";

/** The first number of a record among an org's ids. */
const firstRecordSequence = 100_000_001;

/** What one item came to; `change` is null when it changed nothing. */
export type ItemDone = { readonly record: CrmRecord; readonly change: Change | null };

export type Write = {
  readonly context: Context;
  readonly home: Home;
  readonly module: Module;
  readonly userId: Id;
  /** A new record's id. */
  readonly takeId: () => Promise<Id>;
  readonly duplicates: Duplicates;
};

export async function writeRecords(context: Context, input: Input<"records.write">): Promise<Output<"records.write">> {
  const home = await context.directory.home(context.tx, input.caller.org);
  const module = home.catalog.module(input.module);
  if (module === undefined) return refuse({ code: "module_invalid", pathIndex: 0 });
  if (!module.isApiSupported) return refuse({ code: "module_not_supported", pathIndex: 0 });
  if (input.idInPath !== null && input.items.length > 1) return refuse({ code: "too_many_items", path: ["data"], limit: 1 });
  const unique = input.operation === "delete" ? [] : uniqueFields(module);
  const write = await openWrite(context, home, { module, userId: input.caller.userId, items: input.items, fields: unique, unique });
  const results: Result<ItemDone>[] = [];
  for (const [index, item] of input.items.entries()) results.push(await writeItem(write, input, { item, index }));
  await notifyOf(write, results);
  return ok({
    module: module.apiName,
    results: results.map((result) => (result.ok ? ok(writtenRecord(home, result.value.record)) : result)),
  });
}

/** Prepares the write of the items; `fields` are those in which records that have the same value are looked for. */
export async function openWrite(
  context: Context,
  home: Home,
  asked: { module: Module; userId: Id; items: readonly unknown[]; fields: readonly Field[]; unique: readonly Field[] },
): Promise<Write> {
  const { module, userId, items } = asked;
  const duplicates = await Duplicates.read(context, home, asked);
  return { context, home, module, userId, takeId: idTaker(context, home, items.length), duplicates };
}

function writeItem(write: Write, input: Input<"records.write">, at: { item: unknown; index: number }): Promise<Result<ItemDone>> {
  switch (input.operation) {
    case "insert":
      return insertItem(write, at);
    case "update":
      return updateItem(write, { ...at, idInPath: input.idInPath, unmodifiedSince: input.unmodifiedSince ?? null });
    case "delete":
      return deleteItem(write, { id: at.item, isInPath: input.idInPath !== null });
  }
}

export async function insertItem(write: Write, at: { item: unknown; index: number }): Promise<Result<ItemDone>> {
  const { context, home, module } = write;
  const order = readRecordItem(at.item, { ...at, module, catalog: home.catalog, operation: "insert", idInPath: null });
  if (!order.ok) return order;
  const looked = await resolveLookups(write, order.value);
  if (!looked.ok) return looked;
  const conflict = await write.duplicates.findConflict(looked.value, { index: at.index, id: null });
  if (conflict !== null) return refuse(conflict);
  const record: CrmRecord = {
    id: await write.takeId(),
    module: module.apiName,
    values: { Owner: write.userId, ...withoutNulls(looked.value) },
    createdAt: context.now,
    createdBy: write.userId,
    modifiedAt: context.now,
    modifiedBy: write.userId,
  };
  await context.tx.records.insert(home.org.key, record);
  write.duplicates.note(record.id, {}, record.values);
  const changedFields = listChangedFields(module, {}, record.values);
  return ok({ record, change: { recordId: record.id, operation: "insert", changedFields, before: null, after: record.values } });
}

type UpdateAt = {
  readonly item: unknown;
  readonly index: number;
  readonly idInPath: string | null;
  readonly unmodifiedSince: number | null;
};

export async function updateItem(write: Write, at: UpdateAt): Promise<Result<ItemDone>> {
  const { context, home, module } = write;
  const order = readRecordItem(at.item, { ...at, module, catalog: home.catalog, operation: "update" });
  if (!order.ok) return order;
  const { id } = order.value;
  const record = id === null ? null : await context.tx.records.get(home.org.key, module.apiName, id);
  if (record === null) return refuse({ code: "record_unknown", id: id ?? "" });
  if (isModifiedSince(record, at.unmodifiedSince)) {
    return refuse({ code: "already_modified", record: { written: writtenRecord(home, record), timeZone: home.org.timeZone } });
  }
  const looked = await resolveLookups(write, order.value);
  if (!looked.ok) return looked;
  const conflict = await write.duplicates.findConflict(looked.value, { index: at.index, id: record.id });
  if (conflict !== null) return refuse(conflict);
  const values = withoutNulls({ ...record.values, ...looked.value });
  if (areSameValues(record.values, values)) return ok({ record, change: null });
  const changed: CrmRecord = { ...record, values, modifiedAt: context.now, modifiedBy: write.userId };
  await context.tx.records.update(home.org.key, changed);
  write.duplicates.note(record.id, record.values, values);
  const changedFields = listChangedFields(module, record.values, values);
  return ok({
    record: changed,
    change: { recordId: record.id, operation: "update", changedFields, before: record.values, after: values },
  });
}

async function deleteItem(write: Write, given: { id: unknown; isInPath: boolean }): Promise<Result<ItemDone>> {
  const { context, home, module } = write;
  const id = readId(given.id);
  const record = id === null ? null : await context.tx.records.get(home.org.key, module.apiName, id);
  if (record === null) {
    if (!given.isInPath) return refuse({ code: "record_not_deleted", id: String(given.id) });
    return refuse({ code: id === null ? "id_malformed_in_path" : "id_unknown_in_path", pathIndex: 1 });
  }
  const removed: CrmRecord = { ...record, modifiedAt: context.now, modifiedBy: write.userId };
  await context.tx.records.remove(home.org.key, removed);
  return ok({
    record: removed,
    change: { recordId: record.id, operation: "delete", changedFields: [], before: record.values, after: null },
  });
}

/** Checks that the ids a request names are there; fills in the module that a lookup of any module left unsaid. */
async function resolveLookups(write: Write, order: { values: Values; lookups: readonly LookupRef[] }): Promise<Result<Values>> {
  let values = order.values;
  for (const lookup of order.lookups) {
    if (lookup.kind === "user") {
      if (!write.home.users.has(lookup.id)) return refuse({ code: "value_invalid", path: lookup.path });
      continue;
    }
    const module = await moduleOfRecord(write, lookup);
    if (module === null) return refuse({ code: "value_invalid", path: lookup.path });
    if (lookup.module === null) values = { ...values, [lookupModuleKey]: module };
  }
  return ok(values);
}

async function moduleOfRecord({ context, home }: Write, lookup: LookupRef): Promise<string | null> {
  const names =
    lookup.module === null ? home.catalog.modules.filter((module) => module.isApiSupported).map((m) => m.apiName) : [lookup.module];
  for (const name of names) {
    if ((await context.tx.records.get(home.org.key, name, lookup.id)) !== null) return name;
  }
  return null;
}

/** Notifies of what the items came to. */
export async function notifyOf(write: Write, results: readonly Result<ItemDone>[]): Promise<void> {
  const { context, home, module } = write;
  context.tally.recordsWritten += results.filter((result) => result.ok).length;
  const changes = results.flatMap((result) => (result.ok && result.value.change !== null ? [result.value.change] : []));
  if (changes.length === 0) return;
  await notify(context, home, {
    module: module.apiName,
    changes,
    by: write.userId,
    ...recordTeller(context, home, { module, changes: lastOfEach(changes), by: write.userId }),
  });
}

/** Of the changes of one record the last, which holds all that it came to. */
function lastOfEach(changes: readonly Change[]): readonly Change[] {
  return [...new Map(changes.map((change) => [change.recordId, change])).values()];
}

/** Whether the record was modified in a later second than `since`; the wire shows whole seconds. */
function isModifiedSince(record: CrmRecord, since: number | null): boolean {
  return since !== null && record.modifiedAt >= nextSecondMs(since);
}

/** Takes the numbers of the whole write at once, when the first is needed. */
function idTaker(context: Context, home: Home, count: number): () => Promise<Id> {
  let next: number | null = null;
  return async () => {
    next ??= await context.tx.orgs.takeNumbers({ org: home.org.key, name: "record", start: firstRecordSequence, count });
    return idOf(home.org.zgid, next++);
  };
}

/** What an answer tells of a record that was written. */
export function writtenRecord(home: Home, record: CrmRecord): WrittenRecord {
  const refOf = (id: Id) => ({ id, name: userRef(home, id)?.name ?? "" });
  return {
    id: record.id,
    createdAt: record.createdAt,
    createdBy: refOf(record.createdBy),
    modifiedAt: record.modifiedAt,
    modifiedBy: refOf(record.modifiedBy),
  };
}

function withoutNulls(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}
