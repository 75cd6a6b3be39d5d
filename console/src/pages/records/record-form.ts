/**
 * A form made from a module's metadata: which input a field gets, what the input holds for a value, and what is sent for what it holds.
 * What an input holds is always a text, so that a number with more digits than JavaScript keeps is never touched.
 */
import type { CrmField } from "../../api/crm.ts";
import { isJsonObject, parseJson, type Json, type JsonObject } from "../../api/json.ts";

export type InputKind = "text" | "long" | "choice" | "choices" | "number" | "flag" | "date" | "instant" | "lookup" | "user" | "json";

const kinds: Readonly<Record<string, InputKind>> = {
  text: "text",
  email: "text",
  phone: "text",
  website: "text",
  bigint: "text",
  textarea: "long",
  picklist: "choice",
  multiselectpicklist: "choices",
  integer: "number",
  double: "number",
  currency: "number",
  percent: "number",
  boolean: "flag",
  date: "date",
  datetime: "instant",
  lookup: "lookup",
  ownerlookup: "user",
  userlookup: "user",
};

export function inputKind(field: CrmField): InputKind {
  // A pick list whose values the metadata does not tell is typed.
  if (field.data_type === "picklist" && field.pick_list_values.length === 0) return "text";
  return kinds[field.data_type] ?? "json";
}

/** The fields that a form offers, those that must be filled first. */
export function formFields(fields: readonly CrmField[], isNew: boolean): readonly CrmField[] {
  const writable = fields.filter(
    (field) => !field.read_only && (isNew ? field.view_type.create : field.view_type.edit) && field.api_name !== "id",
  );
  const isSimple = (field: CrmField): boolean => inputKind(field) !== "json";
  const rank = (field: CrmField): number => (field.system_mandatory ? 0 : isSimple(field) ? 1 : 2);
  return writable.toSorted((one, other) => rank(one) - rank(other));
}

/** What the field's input holds for a value of a record. */
export function inputOf(field: CrmField, value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  switch (inputKind(field)) {
    case "lookup":
    case "user":
      return isJsonObject(value) && typeof value["id"] === "string" ? value["id"] : "";
    case "choices":
      return Array.isArray(value) ? value.map(String).join("\n") : "";
    case "instant":
      return typeof value === "string" && !Number.isNaN(Date.parse(value)) ? new Date(value).toISOString() : "";
    case "json":
      return JSON.stringify(value);
    case "text":
    case "long":
    case "choice":
    case "number":
    case "flag":
    case "date":
      return typeof value === "object" ? JSON.stringify(value) : String(value);
  }
}

export type ReadInput = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly message: string };

/** What is sent for what the input holds; an empty input sends null, which empties the field. */
export function valueOf(field: CrmField, input: string): ReadInput {
  if (input === "" && inputKind(field) !== "flag") return taken(null);
  switch (inputKind(field)) {
    case "number":
      return readNumber(input);
    case "flag":
      return taken(input === "true");
    case "choices":
      return taken(input.split("\n").filter((choice) => choice !== ""));
    case "instant":
      // The wire takes whole seconds and an offset.
      return taken(input.replace(/(?:\.\d+)?Z$/, "+00:00"));
    case "lookup":
    case "user":
      return /^\d{1,19}$/.test(input) ? taken({ id: input }) : { ok: false, message: "An id is 1 to 19 digits." };
    case "json": {
      const value = parseJson(input);
      return value === undefined ? { ok: false, message: "This is no JSON." } : taken(value);
    }
    case "text":
    case "long":
    case "choice":
    case "date":
      return taken(input);
  }
}

export type Inputs = Readonly<Record<string, string>>;

export type ReadForm = { readonly values: JsonObject; readonly faults: Readonly<Record<string, string>> };

/** The values of the inputs that differ from what they held at first, so that nothing is sent that nobody touched. */
export function readForm(fields: readonly CrmField[], first: Inputs, now: Inputs): ReadForm {
  const values: Record<string, Json> = {};
  const faults: Record<string, string> = {};
  for (const field of fields) {
    const name = field.api_name;
    const input = now[name] ?? "";
    if (input === (first[name] ?? "")) continue;
    const read = valueOf(field, input);
    if (read.ok) values[name] = read.value;
    else faults[name] = read.message;
  }
  return { values, faults };
}

function taken(value: Json): ReadInput {
  return { ok: true, value };
}

function readNumber(input: string): ReadInput {
  const value = Number(input);
  return input.trim() === "" || !Number.isFinite(value) ? { ok: false, message: "This is no number." } : taken(value);
}
