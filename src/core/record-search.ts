/** The ways to search a module: by criteria, or by one text in all its e-mail fields, all its phone fields, or all that hold text. */
import type { DataType, Module } from "./catalog.ts";
import type { Criteria, Subject } from "./criteria.ts";
import { asksForNames, meetsCriteria } from "./criteria.ts";
import type { Value } from "./record.ts";

/** `text` has been lower-cased. */
export type Search =
  { readonly kind: "criteria"; readonly criteria: Criteria } | { readonly kind: "email" | "phone" | "word"; readonly text: string };

const emailTypes: ReadonlySet<DataType> = new Set(["email"]);
const phoneTypes: ReadonlySet<DataType> = new Set(["phone"]);
const wordTypes: ReadonlySet<DataType> = new Set([
  "text",
  "textarea",
  "email",
  "phone",
  "website",
  "picklist",
  "multiselectpicklist",
  "autonumber",
]);

/** Whether the record is one of those that the search asks for. */
export function isFound(search: Search, module: Pick<Module, "fields">, subject: Subject): boolean {
  switch (search.kind) {
    case "criteria":
      return meetsCriteria(search.criteria, subject);
    case "email":
      return textsIn(module, subject, emailTypes).includes(search.text);
    case "phone": {
      // People write a number with and without blanks, dashes and brackets.
      const digits = digitsOf(search.text);
      return digits !== "" && textsIn(module, subject, phoneTypes).some((text) => digitsOf(text) === digits);
    }
    case "word":
      return textsIn(module, subject, wordTypes).some((text) => text.includes(search.text));
  }
}

/** Whether the search compares names that have to be read first. */
export function needsNames(search: Search): boolean {
  return search.kind === "criteria" && asksForNames(search.criteria);
}

function textsIn(module: Pick<Module, "fields">, { values }: Subject, types: ReadonlySet<DataType>): readonly string[] {
  return module.fields.flatMap(({ apiName, dataType }) => {
    if (!types.has(dataType) || !Object.hasOwn(values, apiName)) return [];
    const value: Value = values[apiName] ?? null;
    const all: readonly unknown[] = Array.isArray(value) ? value : [value];
    return all.filter((entry) => typeof entry === "string").map((entry) => entry.toLowerCase());
  });
}

function digitsOf(text: string): string {
  return text.replaceAll(/\D/g, "");
}
