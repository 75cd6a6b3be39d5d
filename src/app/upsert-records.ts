/**
 * Inserts or updates: an item that finds its record by one of the fields that tell records apart updates it, any other inserts. An item
 * with an id updates that record.
 */
import type { Field } from "../core/catalog.ts";
import { checkOrder } from "../core/duplicate-check.ts";
import { type Result, ok } from "../core/result.ts";
import type { Upserted } from "../core/written.ts";
import { isObject, valueOf } from "../wire/lossless-json.ts";
import { isEmpty } from "../wire/record-value.ts";
import { readCheckFields } from "../wire/upsert.ts";
import type { Input, Output } from "./commands.ts";
import type { Context } from "./context.ts";
import { servedModule } from "./read-records.ts";
import { type ItemDone, type Write, insertItem, notifyOf, openWrite, updateItem, writtenRecord } from "./write-records.ts";

export async function upsertRecords(context: Context, input: Input<"records.upsert">): Promise<Output<"records.upsert">> {
  const home = await context.directory.home(context.tx, input.caller.org);
  const served = servedModule(home, input.module);
  if (!served.ok) return served;
  const module = served.value;
  const named = readCheckFields(input.checkFields, module);
  if (!named.ok) return named;
  const order = checkOrder(module, named.value);
  const fields = [...new Set([...order.fields, ...order.unique])];
  const write = await openWrite(context, home, { module, userId: input.caller.userId, items: input.items, fields, unique: order.unique });
  const results: Result<ItemUpserted>[] = [];
  for (const [index, item] of input.items.entries()) {
    results.push(await upsertItem(write, { item, index, fields: order.fields, unmodifiedSince: input.unmodifiedSince ?? null }));
  }
  await notifyOf(write, results);
  return ok(
    results.map((result) => {
      if (!result.ok) return result;
      const { record, action, duplicateField } = result.value;
      return ok({ record: writtenRecord(home, record), action, duplicateField });
    }),
  );
}

type ItemUpserted = ItemDone & Omit<Upserted, "record">;

type UpsertAt = {
  readonly item: unknown;
  readonly index: number;
  /** By which the record is looked for, in this order. */
  readonly fields: readonly Field[];
  readonly unmodifiedSince: number | null;
};

async function upsertItem(write: Write, { item, index, fields, unmodifiedSince }: UpsertAt): Promise<Result<ItemUpserted>> {
  const isNamed = isObject(item) && !isEmpty(valueOf(item, "id"));
  const found = isNamed ? null : findRecord(write, item, fields);
  if (!isNamed && found === null) {
    const inserted = await insertItem(write, { item, index });
    return inserted.ok ? ok({ ...inserted.value, action: "insert", duplicateField: null }) : inserted;
  }
  const updated = await updateItem(write, { item, index, idInPath: found?.id ?? null, unmodifiedSince });
  return updated.ok ? ok({ ...updated.value, action: "update", duplicateField: found?.field.apiName ?? null }) : updated;
}

/** The oldest record that has the item's value in the first of the fields in which one has. */
function findRecord({ duplicates }: Write, item: unknown, fields: readonly Field[]): { readonly id: string; readonly field: Field } | null {
  for (const field of fields) {
    const [id] = duplicates.holdersOf(item, field);
    if (id !== undefined) return { id, field };
  }
  return null;
}
