/** A custom field and the name of a custom module, as the CRM's API wants them. */
import type { JsonObject } from "../../api/json.ts";

/** The types that a field can be made of by hand. */
export const fieldTypes = [
  { value: "text", label: "Text" },
  { value: "textarea", label: "Long text" },
  { value: "picklist", label: "Pick list" },
  { value: "multiselectpicklist", label: "Pick list, several values" },
  { value: "email", label: "E-mail" },
  { value: "phone", label: "Phone" },
  { value: "website", label: "Web address" },
  { value: "integer", label: "Whole number" },
  { value: "double", label: "Number" },
  { value: "currency", label: "Amount of money" },
  { value: "percent", label: "Percent" },
  { value: "boolean", label: "Yes or no" },
  { value: "date", label: "Date" },
  { value: "datetime", label: "Date and time" },
  { value: "lookup", label: "Another record" },
] as const;

export type NewField = { readonly label: string; readonly type: string; readonly choices: string; readonly target: string };

export function newField({ label, type, choices, target }: NewField): JsonObject {
  const values = choices
    .split("\n")
    .map((choice) => choice.trim())
    .filter((choice) => choice !== "");
  return {
    field_label: label.trim(),
    data_type: type,
    ...(type === "picklist" || type === "multiselectpicklist"
      ? { pick_list_values: values.map((value) => ({ display_value: value, actual_value: value })) }
      : {}),
    ...(type === "lookup" ? { lookup: { module: { api_name: target } } } : {}),
  };
}

/** `Site visits` becomes `Site_Visits`; empty when nothing is left that an API name may have. */
export function apiNameOf(label: string): string {
  const words = label.match(/[A-Za-z0-9]+/g) ?? [];
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("_");
  return /^[A-Za-z]/.test(name) ? name : "";
}
