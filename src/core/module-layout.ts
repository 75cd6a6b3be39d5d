/**
 * The layout of a module: how its fields stand in the forms that people fill in. Each module with fields has one, the standard layout, and its
 * sections follow from the fields (CLIENTS 4: clients look for the section that is named for the module, such as "Deal Information").
 *
 * Ids: 2_400_000 on, twenty numbers a module, by the number of the module's `id` field; within a custom module's thousand, 80 on. The
 * first is the layout's own, the others are its sections'.
 */
import type { Field, Module } from "./catalog.ts";
import { idBeside, sequenceOf } from "./ids.ts";
import type { Id } from "./ids.ts";

export type LayoutSection = {
  readonly id: Id;
  /** The API name and the label in one. */
  readonly name: string;
  /** Whether it holds lines, which are records of another module. */
  readonly isOfLines: boolean;
  readonly fields: readonly Field[];
};

export type ModuleLayout = {
  readonly id: Id;
  readonly name: string;
  readonly apiName: string;
  readonly sections: readonly LayoutSection[];
};

export const layoutName = "Standard";
export const layoutApiName = "Standard__s";

const firstLayoutSequence = 2_400_000;
const numbersPerLayout = 20;
const customModuleOffset = 80;
/** Lines stand behind the sections that every module may have; no module has more of them than this leaves room for. */
const linesFrom = 10;

const addressPattern = /^(?:Billing_|Shipping_|Mailing_|Other_)?(?:Street|City|State|Code|Zip|Zip_Code|Country)$/;
const bookkeeping: ReadonlySet<string> = new Set(["id", "Record_Status__s", "Locked__s"]);

/** The number within the layout, the name, and what belongs there; the first that takes a field has it. */
const sections: readonly (readonly [offset: number, name: (module: Module) => string, takes: (field: Field) => boolean])[] = [
  [2, () => "Address Information", (field) => addressPattern.test(field.apiName)],
  [3, () => "Terms and Conditions", (field) => field.apiName === "Terms_and_Conditions"],
  [4, () => "Description Information", (field) => field.apiName === "Description"],
  [1, (module) => `${module.singularLabel} Information`, () => true],
];

/** The module's layout; null when it has no fields. */
export function layoutOf(module: Module): ModuleLayout | null {
  const id = layoutIdOf(module);
  if (id === null) return null;
  const shown = module.fields.filter((field) => !bookkeeping.has(field.apiName));
  const lines = shown.filter((field) => field.dataType === "subform");
  const ordinary = shown.filter((field) => field.dataType !== "subform");
  const number = sequenceOf(id);
  const named = sections.map(([offset, name], index) => ({
    offset,
    section: {
      id: idBeside(id, number + offset),
      name: name(module),
      isOfLines: false,
      fields: ordinary.filter((field) => sections.findIndex(([, , takes]) => takes(field)) === index),
    },
  }));
  const ofLines = lines.map((field, index) => ({
    offset: linesFrom + index,
    section: { id: idBeside(id, number + linesFrom + index), name: field.label, isOfLines: true, fields: [field] },
  }));
  const filled = [...named, ...ofLines].filter(({ section }) => section.fields.length > 0).toSorted((a, b) => a.offset - b.offset);
  return { id, name: layoutName, apiName: layoutApiName, sections: filled.map(({ section }) => section) };
}

/** The id of the module's layout; null when it has no fields. */
export function layoutIdOf(module: Module): Id | null {
  const idField = module.fields.find((field) => field.apiName === "id");
  if (idField === undefined) return null;
  if (module.generatedType === "custom") return idBeside(module.id, sequenceOf(module.id) + customModuleOffset);
  return idBeside(module.id, firstLayoutSequence + sequenceOf(idField.id) * numbersPerLayout);
}
