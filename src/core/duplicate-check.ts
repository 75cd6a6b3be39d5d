/**
 * Which fields tell two records of a module apart for an upsert (PROTOCOL F.1 and F.6): the module's own field first, which two records
 * may share all the same, then the fields whose values no two records may share.
 */
import type { DataType, Field, Module } from "./catalog.ts";
import type { Value } from "./record.ts";

/** By the module's API name; a custom module's is its name field. */
const systemFields: Readonly<Record<string, string>> = {
  Leads: "Email",
  Accounts: "Account_Name",
  Contacts: "Email",
  Deals: "Deal_Name",
  Campaigns: "Campaign_Name",
  Cases: "Subject",
  Quotes: "Subject",
  Sales_Orders: "Subject",
  Purchase_Orders: "Subject",
  Invoices: "Subject",
  Solutions: "Solution_Title",
  Products: "Product_Name",
  Vendors: "Vendor_Name",
  Price_Books: "Price_Book_Name",
};

/** Types whose values can tell records apart. */
const comparableTypes: ReadonlySet<DataType> = new Set(["text", "email", "phone", "website", "integer", "bigint"]);

export type CheckOrder = {
  /** By which the record to update is looked for, in this order. */
  readonly fields: readonly Field[];
  /** Those of them, and of the module, that no two records may share. */
  readonly unique: readonly Field[];
};

/** Whether an upsert may look records up by the field. */
export function isComparable(field: Field): boolean {
  return comparableTypes.has(field.dataType) && !field.isReadOnly;
}

/**
 * The order for the fields that a request names, null when it names none. The module's unique fields come after them; the module's own
 * field counts only when it is named, or when none is. A named field that is not the module's own counts as unique for this request:
 * which standard fields are unique differs from org to org, and the request says what its org has.
 */
export function checkOrder(
  module: Pick<Module, "apiName" | "generatedType" | "nameField" | "fields">,
  named: readonly Field[] | null,
): CheckOrder {
  const own = module.generatedType === "custom" ? module.nameField : systemFields[module.apiName];
  const always = uniqueFields(module);
  const first = named ?? module.fields.filter((field) => field.apiName === own);
  return {
    fields: [...new Set([...first, ...always])],
    unique: [...new Set([...always, ...first.filter((field) => field.apiName !== own)])],
  };
}

/** The fields whose values no two records of the module may share. */
export function uniqueFields({ fields }: Pick<Module, "fields">): readonly Field[] {
  const unique = uniqueOf.get(fields) ?? fields.filter((field) => field.isUnique && isComparable(field));
  uniqueOf.set(fields, unique);
  return unique;
}

/** Asked at every write. */
const uniqueOf = new WeakMap<readonly Field[], readonly Field[]>();

/** What of a value is compared: text without regard to the case of A to Z, as every store can do it alike. null: nothing to compare. */
export function duplicateKey(value: Value): string | null {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase()) : null;
}
