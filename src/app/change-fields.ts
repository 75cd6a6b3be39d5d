/** Makes, changes and deletes custom fields (O26), item by item, each on its own. */
import type { Field, Module } from "../core/catalog.ts";
import { apiNameOf, hasPickList, lengthMaxOf } from "../core/custom-field.ts";
import { type Id, idOf, readId, sequenceOf } from "../core/ids.ts";
import { limits } from "../core/limits.ts";
import type { Path } from "../core/refusal.ts";
import { type Result, ok, refuse } from "../core/result.ts";
import type { CustomPickListValue } from "../core/standard-catalog.ts";
import type { CustomFieldRow } from "../store/ports/metadata.ts";
import { type FieldChangeOrder, type PickListChange, readFieldChange, readNewField } from "../wire/metadata-field-request.ts";
import type { Input, Output } from "./commands.ts";
import type { Context } from "./context.ts";
import { insertCustomField } from "./custom-metadata.ts";
import type { Home } from "./directory.ts";

/** Where the id of a field stands in a path: `/settings/fields/{id}`. */
const idPathIndex = 2;

type Write = { readonly context: Context; readonly input: Input<"metadata.writeFields"> };
/** The org as it is at this item; what an earlier item made is there. */
type Place = { readonly home: Home; readonly module: Module };

export async function writeFields(context: Context, input: Input<"metadata.writeFields">): Promise<Output<"metadata.writeFields">> {
  const place = await placeOf(context, input);
  if (!place.ok) return place;
  if (input.idInPath !== null && input.items.length > 1) return refuse({ code: "too_many_items", path: ["fields"], limit: 1 });
  const results: Result<{ readonly id: Id }>[] = [];
  for (const [index, item] of input.items.entries()) results.push(await writeItem({ context, input }, { item, index }));
  return ok(results);
}

async function writeItem(write: Write, at: { item: unknown; index: number }): Promise<Result<{ readonly id: Id }>> {
  const place = await placeOf(write.context, write.input);
  if (!place.ok) return place;
  switch (write.input.operation) {
    case "insert":
      return insertItem(write, place.value, at);
    case "update":
      return updateItem(write, place.value, at);
    case "delete":
      return deleteItem(write, place.value, at.item);
  }
}

async function placeOf(context: Context, input: Input<"metadata.writeFields">): Promise<Result<Place>> {
  const home = await context.directory.home(context.tx, input.caller.org);
  const module = home.catalog.module(input.module);
  if (module === undefined) return refuse({ code: "module_invalid", param: "module" });
  return module.isApiSupported ? ok({ home, module }) : refuse({ code: "module_not_supported", param: "module" });
}

async function insertItem(
  { context }: Write,
  { home, module }: Place,
  { item, index }: { item: unknown; index: number },
): Promise<Result<{ readonly id: Id }>> {
  const order = readNewField(item, { index, catalog: home.catalog });
  if (!order.ok) return order;
  const { label, apiName } = order.value;
  const isTaken = (name: string) => module.fields.some((field) => isSameName(field.apiName, name));
  if (isLabelTaken(module, label, null)) return refuse({ code: "duplicate", path: ["fields", index, "field_label"] });
  if (apiName !== null && isTaken(apiName)) return refuse({ code: "duplicate", path: ["fields", index, "api_name"] });
  const sequence = await insertCustomField(context, home.org.key, {
    ...order.value,
    module: module.apiName,
    apiName: apiName ?? apiNameOf(label, "Custom_Field", isTaken),
    isMandatory: false,
  });
  if (!sequence.ok) return sequence;
  await context.directory.renewCatalog(context.tx, home.org.key);
  return ok({ id: idOf(home.org.zgid, sequence.value) });
}

async function updateItem(
  { context, input }: Write,
  { home, module }: Place,
  { item, index }: { item: unknown; index: number },
): Promise<Result<{ readonly id: Id }>> {
  const order = readFieldChange(item, index);
  if (!order.ok) return order;
  const path: Path = ["fields", index];
  const idGiven = input.idInPath ?? order.value.id;
  if (idGiven === null) return refuse({ code: "mandatory_missing", path: [...path, "id"] });
  const field = module.fields.find((candidate) => candidate.id === idGiven);
  if (field === undefined) {
    return input.idInPath === null ? refuse({ code: "value_invalid", path: [...path, "id"] }) : refuseId(input.idInPath);
  }
  const fault = changeFault({ field, module, order: order.value, path });
  if (fault !== null) return refuse(fault);
  const row = await rowOf(context, home, { field, module });
  const pickListValues = changedPickList(row, order.value.pickList ?? [], { zgid: home.org.zgid, path: [...path, "pick_list_values"] });
  if (!pickListValues.ok) return pickListValues;
  await context.tx.metadata.updateField(home.org.key, {
    ...row,
    label: order.value.label ?? row.label,
    length: order.value.length ?? row.length,
    pickListValues: pickListValues.value,
    modifiedAt: context.now,
  });
  await context.tx.metadata.touch(home.org.key, module.apiName, context.now);
  await context.directory.renewCatalog(context.tx, home.org.key);
  return ok({ id: field.id });
}

/** Why the field may not be changed so; null when it may. */
function changeFault(change: { field: Field; module: Module; order: FieldChangeOrder; path: Path }) {
  const { field, module, order, path } = change;
  if (!field.isCustom) return { code: "change_not_allowed", path } as const;
  for (const [key, given, has] of [
    ["api_name", order.apiName, field.apiName],
    ["data_type", order.dataType, field.dataType],
  ] as const) {
    if (given !== undefined && given !== has) return { code: "change_not_allowed", path: [...path, key] } as const;
  }
  if (order.label !== undefined && isLabelTaken(module, order.label, field.id)) {
    return { code: "duplicate", path: [...path, "field_label"] } as const;
  }
  const maximumLength = lengthMaxOf(field.dataType);
  if (order.length !== undefined && maximumLength !== null && order.length > maximumLength) {
    return { code: "value_invalid", path: [...path, "length"], maximumLength } as const;
  }
  if (order.pickList !== undefined && !hasPickList(field.dataType)) {
    return { code: "value_invalid", path: [...path, "pick_list_values"] } as const;
  }
  return null;
}

async function deleteItem({ context }: Write, { home, module }: Place, item: unknown): Promise<Result<{ readonly id: Id }>> {
  const field = module.fields.find((candidate) => candidate.id === item);
  if (field === undefined) return refuseId(item);
  if (!field.isCustom) return refuse({ code: "change_not_allowed", pathIndex: idPathIndex });
  const row = await rowOf(context, home, { field, module });
  await context.tx.metadata.removeField(home.org.key, row, context.now);
  await context.tx.metadata.touch(home.org.key, module.apiName, context.now);
  await context.directory.renewCatalog(context.tx, home.org.key);
  return ok({ id: field.id });
}

function refuseId(given: unknown): Result<never> {
  return refuse({ code: readId(given) === null ? "id_malformed_in_path" : "id_unknown_in_path", pathIndex: idPathIndex });
}

async function rowOf(context: Context, home: Home, { field, module }: { field: Field; module: Module }): Promise<CustomFieldRow> {
  const rows = await context.tx.metadata.fieldsOf(home.org.key);
  const row = rows.find((candidate) => candidate.module === module.apiName && candidate.sequence === sequenceOf(field.id));
  if (row === undefined) throw new Error("invariant broken: a custom field of the catalog is not in the store");
  return row;
}

/** The pick list with the changes made: values that are not named stay, new ones go to the end, removed ones keep their numbers. */
function changedPickList(
  row: CustomFieldRow,
  changes: readonly PickListChange[],
  { zgid, path }: { zgid: string; path: Path },
): Result<readonly CustomPickListValue[]> {
  const values = [...row.pickListValues];
  for (const [index, change] of changes.entries()) {
    const { id, label, isRemoved } = change;
    const value = change.value ?? (id === null ? label : undefined);
    const position = values.findIndex((known) => !known.isRemoved && idOf(zgid, row.pickListSequence + known.offset) === id);
    const known = values[position];
    if (id !== null && known === undefined) return refuse({ code: "value_invalid", path: [...path, index, "id"] });
    if (value !== undefined && values.some((other) => other !== known && !other.isRemoved && other.value === value)) {
      return refuse({ code: "duplicate", path: [...path, index, "actual_value"] });
    }
    if (known !== undefined) {
      values[position] = { ...known, label: label ?? known.label, value: value ?? known.value, isRemoved };
      continue;
    }
    if (label === undefined || value === undefined) return refuse({ code: "mandatory_missing", path: [...path, index, "display_value"] });
    if (values.length >= limits.pickListValuesMax) {
      return refuse({ code: "value_invalid", path, maximumLength: limits.pickListValuesMax });
    }
    values.push({ offset: values.length, value, label, isRemoved: false });
  }
  return ok(values);
}

function isLabelTaken(module: Module, label: string, ownId: Id | null): boolean {
  return module.fields.some((field) => field.id !== ownId && isSameName(field.label, label));
}

function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
