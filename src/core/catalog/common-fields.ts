/** The fields that (almost) all modules have, numbered from where their module says. PROTOCOL F.6. */
import type { FieldRow } from "./module-data.ts";
import { recordStatuses } from "./pick-lists.ts";

/** The owner stands before a module's own fields, under the name of the module (`Deal Owner`). */
export const ownerField: FieldRow = [1, "Owner", "ownerlookup"];

/** These stand after a module's own fields. */
export const closingFields: readonly FieldRow[] = [
  [2, "Created_By", "ownerlookup", { isReadOnly: true }],
  [3, "Modified_By", "ownerlookup", { isReadOnly: true }],
  [4, "Created_Time", "datetime", { isReadOnly: true }],
  [5, "Modified_Time", "datetime", { isReadOnly: true }],
  [6, "Tag", "tags", { length: 2000 }],
  [7, "Record_Status__s", "picklist", { isReadOnly: true, pickList: recordStatuses }],
  [8, "Locked__s", "boolean", { isReadOnly: true }],
  [0, "id", "bigint", { isReadOnly: true, label: "Record Id" }],
];

/** What a custom module has of its own accord, besides the common fields; numbered from its own id. */
export const customModuleFields: readonly FieldRow[] = [
  [11, "Name", "text", { isMandatory: true, length: 120 }],
  [12, "Email", "email"],
  [13, "Secondary_Email", "email"],
  [14, "Email_Opt_Out", "boolean"],
  [15, "Currency", "picklist"],
  [16, "Exchange_Rate", "double"],
];
