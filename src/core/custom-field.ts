/** What a custom field may be, and how long (PROTOCOL F.3), and how custom fields and modules come by their API names. */
import type { DataType } from "./catalog.ts";
import { limits } from "./limits.ts";

/** Characters, or digits of a number; null: the type has no length. */
const lengthsMax = {
  text: 255,
  textarea: 50_000,
  picklist: null,
  multiselectpicklist: null,
  email: 100,
  phone: 30,
  website: 450,
  integer: 9,
  bigint: 18,
  double: 18,
  currency: 16,
  percent: 5,
  boolean: null,
  date: null,
  datetime: null,
  lookup: null,
  userlookup: null,
} as const satisfies Partial<Record<DataType, number | null>>;

/** The data types that a client may make a field of. */
export type CustomDataType = keyof typeof lengthsMax;

/** The longest length that a field of the type may have; null when it has none. */
export function lengthMaxOf(dataType: DataType): number | null {
  return isCustomDataType(dataType) ? lengthsMax[dataType] : null;
}

export const customDataTypes: readonly string[] = Object.keys(lengthsMax);

export function isCustomDataType(name: string): name is CustomDataType {
  return Object.hasOwn(lengthsMax, name);
}

export function hasPickList(dataType: DataType): boolean {
  return dataType === "picklist" || dataType === "multiselectpicklist";
}

/** Whether the text can be an API name: a letter, then letters, digits and underscores, of which no two follow each other and none is last. */
export function isApiName(text: string): boolean {
  return text.length <= limits.apiNameCharsMax && /^[A-Za-z](?:_?[A-Za-z0-9])*$/.test(text);
}

/** An API name made from a label, with a number behind it when the name is taken. `isTaken` is asked without regard to case. */
export function apiNameOf(label: string, fallback: string, isTaken: (name: string) => boolean): string {
  const words = label.replaceAll(/[^A-Za-z0-9]+/g, "_").replace(/^[_0-9]+/, "");
  const name = trimmed(words.slice(0, limits.apiNameCharsMax)) || fallback;
  if (!isTaken(name)) return name;
  for (let number = 1; ; number += 1) {
    const candidate = `${trimmed(name.slice(0, limits.apiNameCharsMax - String(number).length))}${number}`;
    if (!isTaken(candidate)) return candidate;
  }
}

function trimmed(name: string): string {
  return name.replace(/_+$/, "");
}
