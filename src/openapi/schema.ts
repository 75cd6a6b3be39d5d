/** Builders of JSON Schema (2020-12), the few forms that the document needs. */
import type { Json } from "../wire/json.ts";
import type { Version, VersionName } from "../wire/versions.ts";
import { versionNames, versions } from "../wire/versions.ts";

export type Schema = { readonly [key: string]: Json };
export type Properties = Readonly<Record<string, Schema>>;

/** What an answer holds: these keys and no others, all of them there but the optional ones. */
export function shape(properties: Properties, optional: readonly string[] = []): Schema {
  const required = Object.keys(properties).filter((key) => !optional.includes(key));
  return { type: "object", properties, required, additionalProperties: false };
}

/** What a request may hold; further keys are passed over. */
export function given(properties: Properties, required: readonly string[] = []): Schema {
  return { type: "object", properties, ...(required.length === 0 ? {} : { required }) };
}

export function list(items: Schema, bounds: { readonly min?: number; readonly max?: number } = {}): Schema {
  const { min, max } = bounds;
  return { type: "array", items, ...(min === undefined ? {} : { minItems: min }), ...(max === undefined ? {} : { maxItems: max }) };
}

export function text(charsMax?: number): Schema {
  return charsMax === undefined ? { type: "string" } : { type: "string", maxLength: charsMax };
}

export function word(...values: readonly string[]): Schema {
  return values.length === 1 ? { type: "string", const: values[0] ?? "" } : { type: "string", enum: values };
}

export function count(range: { readonly min?: number; readonly max?: number } = {}): Schema {
  const { min = 0, max } = range;
  return { type: "integer", minimum: min, ...(max === undefined ? {} : { maximum: max }) };
}

export function either(...schemas: readonly Schema[]): Schema {
  return { anyOf: schemas };
}

export function orNull(schema: Schema): Schema {
  const { type, ...rest } = schema;
  // A list of words would leave null out.
  const isPlain = typeof type === "string" && !Object.hasOwn(schema, "const") && !Object.hasOwn(schema, "enum");
  return isPlain ? { type: [type, "null"], ...rest } : either(schema, { type: "null" });
}

/** A schema of the document's components. */
export function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

/** The schema with what a person should know of it. */
export function noted(schema: Schema, description: string): Schema {
  return { ...schema, description };
}

/** The schema with the versions that speak it, where not all do. */
export function spoken(schema: Schema, isSpoken: (version: Version) => boolean): Schema {
  const names = versionsThat(isSpoken);
  return names.length === versionNames.length ? schema : { ...schema, "x-versions": names };
}

export function versionsThat(holds: (version: Version) => boolean): readonly VersionName[] {
  return versionNames.filter((name) => holds(versions[name]));
}

export const flag: Schema = { type: "boolean" };
export const integer: Schema = { type: "integer" };
export const never: Schema = { type: "null" };
export const anything: Schema = {};
export const id = ref("Id");
export const idGiven = ref("IdGiven");
export const time: Schema = { type: "string", format: "date-time" };
export const uri: Schema = { type: "string", format: "uri" };
/** An object without a key. */
export const emptyObject: Schema = { type: "object", maxProperties: 0 };
