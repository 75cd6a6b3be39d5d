/** Schemas that several areas share. */
import type { ListInfoKey } from "../wire/versions.ts";
import { versions } from "../wire/versions.ts";
import type { Properties, Schema } from "./schema.ts";
import { count, either, flag, id, noted, orNull, shape, spoken, text, time, word } from "./schema.ts";

const newestInfo: Record<ListInfoKey, Schema> = {
  call: flag,
  per_page: count({ min: 1 }),
  next_page_token: orNull(text()),
  count: count(),
  sort_by: text(),
  page: count({ min: 1 }),
  previous_page_token: orNull(text()),
  page_token_expiry: orNull(time),
  sort_order: word("asc", "desc"),
  email: flag,
  more_records: flag,
};

/** A table of keys of which a version prints some: those that not every version prints are optional, and say who does. */
export function shapeOfVersions<K extends string>(
  schemas: Record<K, Schema>,
  keysOf: (version: (typeof versions)[keyof typeof versions]) => readonly K[],
): Schema {
  const keys = Object.keys(schemas).filter((key): key is K => Object.hasOwn(schemas, key));
  const isInAll = (key: K): boolean => Object.values(versions).every((version) => keysOf(version).includes(key));
  const properties = keys.map((key): [string, Schema] => [key, spoken(schemas[key], (version) => keysOf(version).includes(key))]);
  return shape(
    Object.fromEntries(properties),
    keys.filter((key) => !isInAll(key)),
  );
}

export const commonSchemas: Properties = {
  Id: { type: "string", pattern: "^-?\\d{1,19}$", description: "An int64 in decimal." },
  IdGiven: noted(either({ type: "string", pattern: "^-?\\d{1,19}$" }, { type: "integer" }), "An int64, as text or as a number."),
  NamedRef: shape({ name: orNull(text()), id }),
  ModuleRef: shape({ api_name: text(), id: orNull(id) }),
  PageInfo: shape({ per_page: count({ min: 1 }), count: count(), page: count({ min: 1 }), more_records: flag }),
  ListInfo: shapeOfVersions(newestInfo, (version) => version.listInfoKeys),
};

/** The result of an item that went well. */
export function success(message: Schema, details: Schema): Schema {
  return shape({ code: word("SUCCESS"), details, message, status: word("success") });
}
