/**
 * Records as a request gives them: `{"data":[{…}]}`. Each item is read on its own, its first error wins, and mandatory fields come
 * before values (DESIGN ruling 7). Keys that are no field, or whose field is read-only, are ignored.
 */
import type { Catalog, Field, Module } from "../core/catalog.ts";
import { readId } from "../core/ids.ts";
import { factsOf } from "../core/module-facts.ts";
import type { Id } from "../core/ids.ts";
import { limits } from "../core/limits.ts";
import type { Value, Values } from "../core/record.ts";
import type { Path, Refusal } from "../core/refusal.ts";
import { ok, refuse } from "../core/result.ts";
import type { Result } from "../core/result.ts";
import { isObject, valueOf } from "./lossless-json.ts";
import { isEmpty, readValue } from "./record-value.ts";

/** An id that a value of the record names, for the store to look up. */
export type LookupRef = {
  /** Where the request names it. */
  readonly path: Path;
  readonly kind: "record" | "user";
  /** The module of a record; null when only the id tells, and for a user. */
  readonly module: string | null;
  readonly id: Id;
};

export type RecordOrder = {
  /** null on insert. */
  readonly id: Id | null;
  /**
   * Only the fields that the item names; null clears one. `$se_module` comes with its lookup: the module's name, or null when the
   * item does not say it (whoever looks the id up knows).
   */
  readonly values: Values;
  readonly lookups: readonly LookupRef[];
};

export type RecordItemContext = {
  /** The item's place in `data`. */
  readonly index: number;
  readonly module: Module;
  readonly catalog: Catalog;
  readonly operation: "insert" | "update";
  /** The id in the path of a request for one record; it wins over the item's own. */
  readonly idInPath: string | null;
};

/** The key that says which module a lookup of any module points to (`What_Id` of a task). */
export const lookupModuleKey = "$se_module";

type Item = { readonly [key: string]: unknown };

/** The items of a body; refused when it has none or more than one write may change. */
export function readRecordItems(body: unknown): Result<readonly unknown[]> {
  if (!isObject(body)) return refuse({ code: "body_malformed" });
  const items = valueOf(body, "data");
  if (items === undefined || items === null) return refuse({ code: "mandatory_missing", path: ["data"] });
  if (!Array.isArray(items)) return refuse({ code: "value_invalid", path: ["data"], expectedType: "jsonarray" });
  if (items.length === 0) return refuse({ code: "mandatory_missing", path: ["data"] });
  if (items.length > limits.recordsPerWriteMax) {
    return refuse({ code: "too_many_items", path: ["data"], limit: limits.recordsPerWriteMax });
  }
  return ok(items);
}

/**
 * Reads one item of `data`. Refusals: `mandatory_missing`, `value_invalid`, and `id_malformed_in_path` (PROTOCOL F.1). That an id
 * names a record of the right module is for the store to see, by `lookups`.
 */
export function readRecordItem(item: unknown, context: RecordItemContext): Result<RecordOrder> {
  const path: Path = ["data", context.index];
  if (!isObject(item)) return refuse({ code: "value_invalid", path, expectedType: "jsonobject" });

  const id = context.operation === "update" ? readRecordId(item, context.idInPath, path) : ok(null);
  if (!id.ok) return id;
  const missing = findMissing(item, context);
  if (missing !== null) return refuse({ code: "mandatory_missing", path: [...path, missing.apiName] });
  const dependent = findDependent(item, context);
  if (dependent !== null) {
    return refuse({ code: "dependent_missing", path: [...path, dependent.field], dependee: [...path, dependent.dependee] });
  }

  const entries: [string, Value][] = [];
  const lookups: LookupRef[] = [];
  for (const field of factsOf(context.module).settable) {
    const given = valueOf(item, field.apiName);
    if (given === undefined) continue;
    const fieldPath: Path = [...path, field.apiName];
    const value = readValue(field, given);
    if (!value.ok) {
      const { below, ...fault } = value.error;
      return refuse({ code: "value_invalid", path: [...fieldPath, ...below], ...fault });
    }
    entries.push([field.apiName, value.value]);
    const target = readTarget(field, { item, given, context });
    if (!target.ok) return target;
    if (field.lookupModule === lookupModuleKey) {
      entries.push([lookupModuleKey, value.value === null ? null : (target.value?.module ?? null)]);
    }
    if (target.value !== null && typeof value.value === "string") lookups.push({ path: fieldPath, ...target.value, id: value.value });
  }
  const values = Object.fromEntries(entries);
  const oversize = checkSize(values, path);
  return oversize === null ? ok({ id: id.value, values, lookups }) : refuse(oversize);
}

function readRecordId(item: Item, idInPath: string | null, path: Path): Result<Id> {
  if (idInPath !== null) {
    const id = readId(idInPath);
    return id === null ? refuse({ code: "id_malformed_in_path", pathIndex: 1 }) : ok(id);
  }
  const given = valueOf(item, "id");
  if (isEmpty(given)) return refuse({ code: "mandatory_missing", path: [...path, "id"] });
  const id = readId(given);
  return id === null ? refuse({ code: "value_invalid", path: [...path, "id"], expectedType: "bigint" }) : ok(id);
}

/** The first mandatory field that an insert leaves empty, or that an update empties. */
function findMissing(item: Item, { module, operation }: RecordItemContext): Field | null {
  for (const field of factsOf(module).mandatory) {
    const given = valueOf(item, field.apiName);
    const isLeftOut = given === undefined;
    if (isLeftOut ? operation === "insert" : isEmpty(given)) return field;
  }
  return null;
}

/** A field that a record needs when another has a certain value (PROTOCOL F.6: an appointment at the client's address). */
type Dependence = { readonly module: string; readonly field: string; readonly dependee: string; readonly value: string };

const dependences: readonly Dependence[] = [{ module: "Appointments__s", field: "Address", dependee: "Location", value: "Client Address" }];

/** The first field that the item's own values ask for, and that an insert leaves empty, or an update empties. */
function findDependent(item: Item, { module, operation }: RecordItemContext): Dependence | null {
  for (const dependence of dependences) {
    if (dependence.module !== module.apiName || valueOf(item, dependence.dependee) !== dependence.value) continue;
    const given = valueOf(item, dependence.field);
    if (given === undefined ? operation === "insert" : isEmpty(given)) return dependence;
  }
  return null;
}

/** What the field's id names: a record (of the field's module, or of the one the item says), a user, or nothing. */
function readTarget(
  field: Field,
  { item, given, context }: { item: Item; given: unknown; context: RecordItemContext },
): Result<Pick<LookupRef, "kind" | "module"> | null> {
  if (field.dataType === "ownerlookup" || field.dataType === "userlookup") return ok({ kind: "user", module: null });
  if (field.dataType !== "lookup") return ok(null);
  if (field.lookupModule !== lookupModuleKey) return ok({ kind: "record", module: field.lookupModule });

  const said = valueOf(item, lookupModuleKey) ?? (isObject(given) ? valueOf(given, "module") : null);
  if (isEmpty(said)) return ok({ kind: "record", module: null });
  const name = isObject(said) ? valueOf(said, "api_name") : said;
  const module = typeof name === "string" ? context.catalog.module(name) : undefined;
  if (module === undefined) return refuse({ code: "value_invalid", path: ["data", context.index, lookupModuleKey] });
  return ok({ kind: "record", module: module.apiName });
}

/** A refusal when the values are larger, as JSON in UTF-8, than a record may be. */
function checkSize(values: Values, path: Path): Refusal | null {
  const json = JSON.stringify(values);
  const bytesPerUnitMax = 3;
  if (json.length * bytesPerUnitMax <= limits.recordBytesMax) return null;
  if (new TextEncoder().encode(json).length <= limits.recordBytesMax) return null;
  return { code: "value_invalid", path, maximumLength: limits.recordBytesMax };
}
