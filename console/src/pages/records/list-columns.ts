/** Which of a module's many fields a list shows: those that name a record, then those that people look at. */
import type { CrmField } from "../../api/crm.ts";

const columnsMax = 5;
const shownTypes = new Set(["text", "picklist", "currency", "email", "phone", "date", "integer", "double", "lookup", "website"]);

export function listColumns(fields: readonly CrmField[]): readonly CrmField[] {
  const shown = fields.filter((field) => shownTypes.has(field.data_type) && field.view_type.view && !field.read_only);
  const rank = (field: CrmField): number => {
    if (/^(?:Last_Name|\w+_Name|Subject|Name)$/.test(field.api_name) && field.data_type === "text" && field.system_mandatory) return 0;
    if (/^(?:Name|Subject|Deal_Name|Account_Name)$/.test(field.api_name) && field.data_type === "text") return 1;
    if (field.system_mandatory) return 2;
    if (field.api_name === "Stage" || field.api_name === "Amount" || field.api_name === "Email") return 3;
    return 4;
  };
  return shown.toSorted((one, other) => rank(one) - rank(other)).slice(0, columnsMax);
}

/** As the list's `fields` wants them. */
export function listFieldNames(fields: readonly CrmField[]): string {
  const names = listColumns(fields).map(({ api_name: name }) => name);
  return names.length === 0 ? "id" : names.join(",");
}
