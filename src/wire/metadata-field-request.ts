/**
 * What a request to `/settings/fields` orders, item by item (O26): mandatory keys first, and the first error is the item's. Keys about what
 * is not kept here (tooltips, permissions, encryption) are ignored.
 */
import type { Catalog, Module } from "../core/catalog.ts";
import { hasPickList, isCustomDataType, lengthMaxOf } from "../core/custom-field.ts";
import type { CustomDataType } from "../core/custom-field.ts";
import { readId } from "../core/ids.ts";
import type { Id } from "../core/ids.ts";
import { limits } from "../core/limits.ts";
import type { Path } from "../core/refusal.ts";
import { ok, refuse } from "../core/result.ts";
import type { Result } from "../core/result.ts";
import { givenAt, isObject } from "./lossless-json.ts";
import type { JsonObject } from "./lossless-json.ts";
import { readApiName, readOwnId, readText } from "./metadata-keys.ts";

export type PickListOrder = { readonly value: string; readonly label: string };

export type NewFieldOrder = {
  readonly label: string;
  /** null: one is made from the label. */
  readonly apiName: string | null;
  readonly dataType: CustomDataType;
  /** null: what is usual for the type. */
  readonly length: number | null;
  readonly isUnique: boolean;
  readonly pickList: readonly PickListOrder[];
  /** The API name of the module that a lookup points to; null for other types. */
  readonly lookupModule: string | null;
};

/** A value of a pick list to change: `id` null adds one. */
export type PickListChange = {
  readonly id: Id | null;
  readonly label: string | undefined;
  readonly value: string | undefined;
  readonly isRemoved: boolean;
};

/** Undefined: as it is. */
export type FieldChangeOrder = {
  /** The item's own id; null when it has none, and the path must name the field. */
  readonly id: Id | null;
  readonly label: string | undefined;
  readonly apiName: string | undefined;
  readonly dataType: string | undefined;
  readonly length: number | undefined;
  readonly pickList: readonly PickListChange[] | undefined;
};

/** Reads an item of POST /settings/fields. */
export function readNewField(item: unknown, { index, catalog }: { index: number; catalog: Catalog }): Result<NewFieldOrder> {
  const path: Path = ["fields", index];
  if (!isObject(item)) return refuse({ code: "value_invalid", path, expectedType: "jsonobject" });
  const missing = ["field_label", "data_type"].find((key) => givenAt(item, key) === undefined);
  if (missing !== undefined) return refuse({ code: "mandatory_missing", path: [...path, missing] });
  const label = readText(item, "field_label", { path, charsMax: limits.fieldLabelCharsMax });
  if (!label.ok) return label;
  const dataType = givenAt(item, "data_type");
  if (typeof dataType !== "string" || !isCustomDataType(dataType)) return refuse({ code: "value_invalid", path: [...path, "data_type"] });
  const apiName = readApiName(item, path);
  if (!apiName.ok) return apiName;
  const length = readLength(item, dataType, path);
  if (!length.ok) return length;
  const pickList = hasPickList(dataType) ? readNewPickList(givenAt(item, "pick_list_values"), [...path, "pick_list_values"]) : ok([]);
  if (!pickList.ok) return pickList;
  const target = dataType === "lookup" ? readTarget(item, path, catalog) : ok(null);
  if (!target.ok) return target;
  return ok({
    label: label.value ?? "",
    apiName: apiName.value ?? null,
    dataType,
    length: length.value ?? null,
    isUnique: isUniqueGiven(givenAt(item, "unique")),
    pickList: pickList.value,
    lookupModule: target.value?.apiName ?? null,
  });
}

/** Reads an item of PATCH /settings/fields; whether the field may be changed so is for its data type to say. */
export function readFieldChange(item: unknown, index: number): Result<FieldChangeOrder> {
  const path: Path = ["fields", index];
  if (!isObject(item)) return refuse({ code: "value_invalid", path, expectedType: "jsonobject" });
  const id = readOwnId(item, path);
  if (!id.ok) return id;
  const label = readText(item, "field_label", { path, charsMax: limits.fieldLabelCharsMax });
  if (!label.ok) return label;
  const apiName = readApiName(item, path);
  if (!apiName.ok) return apiName;
  const dataType = givenAt(item, "data_type");
  if (dataType !== undefined && typeof dataType !== "string") {
    return refuse({ code: "value_invalid", path: [...path, "data_type"], expectedType: "text" });
  }
  const length = readWhole(item, "length", path);
  if (!length.ok) return length;
  const given = givenAt(item, "pick_list_values");
  const pickList = given === undefined ? ok(undefined) : readPickListChanges(given, [...path, "pick_list_values"]);
  if (!pickList.ok) return pickList;
  return ok({ id: id.value, label: label.value, apiName: apiName.value, dataType, length: length.value, pickList: pickList.value });
}

/** `{"case_sensitive":false}` makes a field unique; the empty object is how GET says that it is not. */
function isUniqueGiven(given: unknown): boolean {
  return isObject(given) && Object.keys(given).length > 0;
}

function readNewPickList(given: unknown, path: Path): Result<readonly PickListOrder[]> {
  if (given === undefined) return refuse({ code: "mandatory_missing", path });
  const changes = readPickListChanges(given, path);
  if (!changes.ok) return changes;
  const orders: PickListOrder[] = [];
  for (const [index, { label, value }] of changes.value.entries()) {
    if (label === undefined) return refuse({ code: "mandatory_missing", path: [...path, index, "display_value"] });
    const order = { label, value: value ?? label };
    if (orders.some((other) => other.value === order.value)) return refuse({ code: "duplicate", path: [...path, index, "actual_value"] });
    orders.push(order);
  }
  return ok(orders);
}

function readPickListChanges(given: unknown, path: Path): Result<readonly PickListChange[]> {
  if (!Array.isArray(given)) return refuse({ code: "value_invalid", path, expectedType: "jsonarray" });
  if (given.length > limits.pickListValuesMax) return refuse({ code: "value_invalid", path, maximumLength: limits.pickListValuesMax });
  const changes: PickListChange[] = [];
  for (const [index, entry] of given.entries()) {
    const entryPath: Path = [...path, index];
    if (!isObject(entry)) return refuse({ code: "value_invalid", path: entryPath, expectedType: "jsonobject" });
    const id = readOwnId(entry, entryPath);
    if (!id.ok) return id;
    const label = readText(entry, "display_value", { path: entryPath, charsMax: limits.pickListValueCharsMax });
    if (!label.ok) return label;
    const value = readText(entry, "actual_value", { path: entryPath, charsMax: limits.pickListValueCharsMax });
    if (!value.ok) return value;
    // The SDKs write true here, the pages null.
    const isRemoved = Object.hasOwn(entry, "_delete") && entry._delete !== false;
    changes.push({ id: id.value, label: label.value, value: value.value, isRemoved });
  }
  return ok(changes);
}

function readTarget(item: JsonObject, path: Path, catalog: Catalog): Result<Module> {
  const lookup = givenAt(item, "lookup");
  if (lookup === undefined) return refuse({ code: "mandatory_missing", path: [...path, "lookup"] });
  if (!isObject(lookup)) return refuse({ code: "value_invalid", path: [...path, "lookup"], expectedType: "jsonobject" });
  const modulePath: Path = [...path, "lookup", "module"];
  const given = givenAt(lookup, "module");
  if (given === undefined) return refuse({ code: "mandatory_missing", path: modulePath });
  if (!isObject(given)) return refuse({ code: "value_invalid", path: modulePath, expectedType: "jsonobject" });
  const [apiName, idGiven] = [givenAt(given, "api_name"), givenAt(given, "id")];
  if (apiName === undefined && idGiven === undefined) {
    return refuse({
      code: "one_of_missing",
      paths: [
        [...modulePath, "api_name"],
        [...modulePath, "id"],
      ],
    });
  }
  const id = readId(idGiven);
  const byId = id === null ? undefined : catalog.moduleById(id);
  const module = typeof apiName === "string" ? catalog.module(apiName) : byId;
  if (module === undefined || !module.isApiSupported) {
    return refuse({ code: "value_invalid", path: [...modulePath, apiName === undefined ? "id" : "api_name"] });
  }
  if (idGiven !== undefined && module !== byId) {
    return refuse({
      code: "ambiguous",
      paths: [
        [...modulePath, "api_name"],
        [...modulePath, "id"],
      ],
    });
  }
  return ok(module);
}

function readLength(item: JsonObject, dataType: CustomDataType, path: Path): Result<number | undefined> {
  const max = lengthMaxOf(dataType);
  if (max === null) return ok(undefined);
  const length = readWhole(item, "length", path);
  if (!length.ok || length.value === undefined || length.value <= max) return length;
  return refuse({ code: "value_invalid", path: [...path, "length"], maximumLength: max });
}

/** A whole number from 1 on. */
function readWhole(item: JsonObject, key: string, path: Path): Result<number | undefined> {
  const given = givenAt(item, key);
  if (given === undefined) return ok(undefined);
  if (typeof given === "number" && Number.isSafeInteger(given) && given > 0) return ok(given);
  return refuse({ code: "value_invalid", path: [...path, key], expectedType: "integer" });
}
