/** What hangs on any record: notes, attachments. Fields and lengths: PROTOCOL F.6. */
import type { ModuleData } from "./module-data.ts";

const notes: ModuleData = {
  apiName: "Notes",
  moduleName: "Notes",
  singularLabel: "Note",
  pluralLabel: "Notes",
  sequences: { early: 147, current: 2197 },
  generatedType: "default",
  isApiSupported: true,
  isWatchable: false,
  scopeName: "notes",
  nameField: "Note_Title",
  fields: [
    [5400, "Note_Title", "text", { length: 120 }],
    [5401, "Note_Content", "textarea"],
    [5402, "Parent_Id", "lookup", { lookupModule: "$se_module" }],
    [5403, "Associated_Id__s", "bigint", { isReadOnly: true }],
  ],
  commonFrom: 5580,
  commonWithout: ["Tag", "Locked__s"],
};

const attachments: ModuleData = {
  apiName: "Attachments",
  moduleName: "Attachments",
  singularLabel: "Attachment",
  pluralLabel: "Attachments",
  sequences: { early: 177, current: 2227 },
  generatedType: "default",
  isApiSupported: true,
  isWatchable: false,
  scopeName: "attachments",
  nameField: "File_Name",
  fields: [
    [5600, "File_Name", "text"],
    [5601, "Size", "bigint", { isReadOnly: true }],
    [5602, "Parent_Id", "lookup", { lookupModule: "$se_module" }],
  ],
  commonFrom: 5780,
  commonWithout: ["Tag", "Locked__s"],
};

export const attachedModules: readonly ModuleData[] = [notes, attachments];
