/**
 * Builds the catalog of an org: the standard modules from the data in `catalog/`, and the custom modules and fields of the org.
 *
 * An id is `idOf(zgid, sequence)`. Two layouts of the standard sequences are known from recordings, and the zgid says which: up
 * to nine digits the early one (554023000: Leads …125), ten digits the current one (4150868000: Contacts …2179). The regions:
 *
 *     early layout                     current layout
 *           121 …       179            2_171 …     2_229    modules (later ones: the same number in both)
 *           500 …     9_999            2_550 …    12_049    fields, 2_050 apart
 *       600_000 …   601_899            related lists, the same number in both
 *     2_400_000 … 2_999_999            layouts (`module-layout.ts`)
 *     3_000_000 … 3_999_999            custom fields of standard modules
 *     4_000_000 … 9_999_999            custom modules, 1_000 numbers each: itself, its fields, its related lists
 *    10_000_000 … 19_999_999           values of standard pick lists, 1_000 numbers a field
 *    20_000_000 … 49_999_999           values of custom pick lists
 *    50_000_001 …                      users
 *    73_000_000 … 79_999_999            related lists of custom lookups: 70_000_000 beyond their field
 *   100_000_001 …                      records
 */
import { assert } from "./assert.ts";
import type { Catalog, DataType, Field, Module, PickListValue, Watchable } from "./catalog.ts";
import { activityModules } from "./catalog/activities.ts";
import { attachedModules } from "./catalog/attached.ts";
import { closingFields, customModuleFields, ownerField } from "./catalog/common-fields.ts";
import { hiddenModules, usersSequences } from "./catalog/hidden-modules.ts";
import type { HiddenModule } from "./catalog/hidden-modules.ts";
import { inventoryDocumentModules } from "./catalog/inventory-documents.ts";
import { inventoryModules } from "./catalog/inventory.ts";
import { lineItemModules } from "./catalog/line-items.ts";
import type { FieldRow, Layout, ModuleData, PickListData } from "./catalog/module-data.ts";
import { peopleModules } from "./catalog/people.ts";
import { salesModules } from "./catalog/sales.ts";
import { serviceModules } from "./catalog/services.ts";
import { supportModules } from "./catalog/support.ts";
import { idOf } from "./ids.ts";
import type { Id } from "./ids.ts";

/** A value of a custom pick list. */
export type CustomPickListValue = {
  /** Counted from the field's `pickListSequence`; kept for good, also when the value was removed. */
  readonly offset: number;
  readonly value: string;
  readonly label: string;
  readonly isRemoved: boolean;
};

export type CustomField = {
  readonly sequence: number;
  readonly apiName: string;
  readonly label: string;
  readonly dataType: DataType;
  readonly length: number | null;
  readonly isMandatory: boolean;
  /** Left out: no. */
  readonly isUnique?: boolean;
  /** In the order in which they are shown. */
  readonly pickListValues: readonly CustomPickListValue[];
  readonly lookupModule: string | null;
  /** The first sequence of its pick-list ids. */
  readonly pickListSequence: number;
  /** Left out where no one asks. */
  readonly createdAt?: number;
  readonly modifiedAt?: number;
};

export type CustomModule = {
  /** The first of its thousand numbers, and its own. */
  readonly sequence: number;
  readonly apiName: string;
  readonly moduleName: string;
  readonly singularLabel: string;
  readonly pluralLabel: string;
};

export type CatalogInput = {
  readonly zgid: string;
  readonly modules: readonly CustomModule[];
  /** By the API name of their module, standard or custom; in the order in which they were made. */
  readonly fields: ReadonlyMap<string, readonly CustomField[]>;
  /** When a module or its fields last changed, by API name; left out: none did. */
  readonly modifiedAt?: ReadonlyMap<string, number>;
};

/** The name under which channels watch the users of an org. */
export const usersApiName = "users";

const standardModules: readonly ModuleData[] = [
  ...peopleModules,
  ...salesModules,
  ...activityModules,
  ...supportModules,
  ...inventoryModules,
  ...inventoryDocumentModules,
  ...lineItemModules,
  ...serviceModules,
  ...attachedModules,
];

const earlyZgidDigitsMax = 9;
const currentFieldShift = 2_050;
const pickListBase = 10_000_000;
const pickListSpan = 1_000;
/** Within a custom module's thousand: the values of its own pick lists, before its custom fields from 100 on. */
const customModulePickListOffset = 60;

/** What a field holds at most when its row does not say: characters, or digits. */
const usualLengths: Partial<Record<DataType, number>> = {
  text: 255,
  textarea: 32_000,
  picklist: 120,
  multiselectpicklist: 255,
  email: 100,
  phone: 30,
  website: 255,
  integer: 9,
  bigint: 18,
  double: 16,
  currency: 16,
  percent: 5,
  profileimage: 255,
};

/** Builds the catalog of one org; pure, and cheap enough to do again when a custom module or field is added. */
export function buildCatalog(input: CatalogInput): Catalog {
  const layout: Layout = input.zgid.length <= earlyZgidDigitsMax ? "early" : "current";
  const org: OrgNumbers = { zgid: input.zgid, layout };
  const numbered = [
    ...standardModules.map((data) => standardModule(org, data, changesOf(input, data.apiName))),
    ...hiddenModules.map((data) => hiddenModule(org, data)),
    ...input.modules.map((data) => customModule(org, data, changesOf(input, data.apiName))),
  ];
  numbered.sort((a, b) => a.sequence - b.sequence);
  return indexed(
    numbered.map(({ module }) => module),
    { id: idOf(input.zgid, usersSequences[layout]), apiName: usersApiName },
  );
}

/** How an org numbers what it has. */
type OrgNumbers = { readonly zgid: string; readonly layout: Layout };
type Numbered = { readonly sequence: number; readonly module: Module };
/** What an org did to a module. */
type Changes = { readonly fields: readonly CustomField[]; readonly modifiedAt: number | null };

function changesOf(input: CatalogInput, module: string): Changes {
  return { fields: input.fields.get(module) ?? [], modifiedAt: input.modifiedAt?.get(module) ?? null };
}

function standardModule(org: OrgNumbers, data: ModuleData, { fields: custom, modifiedAt }: Changes): Numbered {
  const has = (row: FieldRow): boolean => !data.commonWithout.includes(row[1]);
  const shift = org.layout === "early" ? 0 : currentFieldShift;
  const numbersFrom = (start: number): FieldNumbers => ({ zgid: org.zgid, start: start + shift, pickListStart: pickListStartOf(start) });
  const owner = [ownerField].filter(has).map((row) => ownerOf(data.singularLabel, row, data.isOwnerMandatory === true));
  const sequence = data.sequences[org.layout];
  const fields = [
    ...owner.map((row) => standardField(numbersFrom(data.commonFrom), row)),
    ...data.fields.map((row) => standardField(numbersFrom(0), row)),
    ...custom.map((field) => customField(org.zgid, field)),
    ...closingFields.filter(has).map((row) => standardField(numbersFrom(data.commonFrom), row)),
  ];
  const { apiName, moduleName, singularLabel, pluralLabel, generatedType, isApiSupported, isWatchable, scopeName, nameField } = data;
  const id = idOf(org.zgid, sequence);
  const names = { apiName, moduleName, singularLabel, pluralLabel, scopeName, nameField };
  return { sequence, module: { id, ...names, generatedType, isApiSupported, isWatchable, fields, modifiedAt } };
}

function hiddenModule(org: OrgNumbers, data: HiddenModule): Numbered {
  const sequence = data.sequences[org.layout];
  const module: Module = {
    id: idOf(org.zgid, sequence),
    apiName: data.apiName,
    moduleName: data.apiName,
    singularLabel: data.singularLabel,
    pluralLabel: data.apiName,
    generatedType: "default",
    isApiSupported: false,
    isWatchable: false,
    scopeName: data.apiName.toLowerCase(),
    nameField: "id",
    fields: [],
    modifiedAt: null,
  };
  return { sequence, module };
}

function customModule(org: OrgNumbers, data: CustomModule, { fields: custom, modifiedAt }: Changes): Numbered {
  const start = data.sequence + 1;
  const numbers: FieldNumbers = { zgid: org.zgid, start, pickListStart: () => data.sequence + customModulePickListOffset };
  const module: Module = {
    id: idOf(org.zgid, data.sequence),
    apiName: data.apiName,
    moduleName: data.moduleName,
    singularLabel: data.singularLabel,
    pluralLabel: data.pluralLabel,
    generatedType: "custom",
    isApiSupported: true,
    isWatchable: true,
    scopeName: "custom",
    nameField: "Name",
    fields: [
      standardField(numbers, ownerOf(data.singularLabel, ownerField, false)),
      ...customModuleFields.map((row) => standardField(numbers, row)),
      ...custom.map((field) => customField(org.zgid, field)),
      ...closingFields.map((row) => standardField(numbers, row)),
    ],
    modifiedAt,
  };
  return { sequence: data.sequence, module };
}

/** Where the numbers of a field and of its pick-list values begin. */
type FieldNumbers = { readonly zgid: string; readonly start: number; readonly pickListStart: (sequence: number) => number };

function pickListStartOf(start: number): (sequence: number) => number {
  return (sequence) => pickListBase + (start + sequence) * pickListSpan;
}

function standardField(numbers: FieldNumbers, row: FieldRow): Field {
  const [sequence, apiName, dataType, options = {}] = row;
  return {
    id: idOf(numbers.zgid, numbers.start + sequence),
    apiName,
    label: options.label ?? labelOf(apiName),
    dataType,
    length: options.length ?? usualLengths[dataType] ?? null,
    isMandatory: options.isMandatory ?? false,
    isReadOnly: options.isReadOnly ?? false,
    isCustom: false,
    pickList: pickListOf(numbers.zgid, numbers.pickListStart(sequence), options.pickList ?? []),
    lookupModule: options.lookupModule ?? null,
  };
}

function customField(zgid: string, field: CustomField): Field {
  return {
    id: idOf(zgid, field.sequence),
    apiName: field.apiName,
    label: field.label,
    dataType: field.dataType,
    length: field.length ?? usualLengths[field.dataType] ?? null,
    isMandatory: field.isMandatory,
    isReadOnly: field.dataType === "formula" || field.dataType === "autonumber",
    isCustom: true,
    pickList: customPickListOf(zgid, field),
    lookupModule: field.lookupModule,
    ...(field.isUnique === true ? { isUnique: true } : {}),
    ...(field.createdAt === undefined ? {} : { createdAt: field.createdAt }),
    ...(field.modifiedAt === undefined ? {} : { modifiedAt: field.modifiedAt }),
  };
}

function ownerOf(singularLabel: string, row: FieldRow, isMandatory: boolean): FieldRow {
  const label = `${singularLabel} Owner`;
  return [row[0], row[1], row[2], isMandatory ? { label, isMandatory } : { label }];
}

function pickListOf(zgid: string, start: number, rows: PickListData): PickListValue[] {
  return rows.map((row, index) => {
    const [value, label] = typeof row === "string" ? [row, row] : row;
    return { id: idOf(zgid, start + index), value, label };
  });
}

function customPickListOf(zgid: string, field: CustomField): PickListValue[] {
  return field.pickListValues
    .filter(({ isRemoved }) => !isRemoved)
    .map(({ offset, value, label }) => ({ id: idOf(zgid, field.pickListSequence + offset), value, label }));
}

function labelOf(apiName: string): string {
  return apiName.replace(/__s$/, "").replaceAll("_", " ");
}

/** The catalog over `modules`, given by ascending id; every lookup is one of a Map. */
function indexed(modules: readonly Module[], users: Watchable): Catalog {
  const byName = new Map(modules.map((module) => [module.apiName.toLowerCase(), module]));
  assert(byName.size === modules.length, "the modules of an org differ in their API names, without regard to case");
  const byId = new Map<Id, Module>(modules.map((module) => [module.id, module]));
  const fields = new Map<Id, ReadonlyMap<string, Field>>(
    modules.map((module) => [module.id, new Map(module.fields.map((field) => [field.apiName, field]))]),
  );
  const watchables = watchablesOf(modules, users);
  return {
    modules,
    module: (apiName) => byName.get(apiName.toLowerCase()),
    moduleById: (id) => byId.get(id),
    field: (module, apiName) => fields.get(module.id)?.get(apiName),
    watchable: (name) => watchables.get(name.toLowerCase()),
  };
}

/**
 * By lower-case name: the API names, and where it names one watchable module only, a module's other names (`Meetings` for
 * `Events`, `Price Books`). An API name goes before another module's other name.
 */
function watchablesOf(modules: readonly Module[], users: Watchable): ReadonlyMap<string, Watchable> {
  const aliases = new Map<string, Watchable | null>();
  const named = new Map<string, Watchable>();
  for (const module of modules) {
    const apiName = module.apiName.toLowerCase();
    if (!module.isWatchable) {
      aliases.set(apiName, null);
      continue;
    }
    const watchable: Watchable = { id: module.id, apiName: module.apiName };
    named.set(apiName, watchable);
    for (const alias of new Set([module.moduleName.toLowerCase(), module.pluralLabel.toLowerCase()])) {
      aliases.set(alias, aliases.has(alias) ? null : watchable);
    }
  }
  named.set(users.apiName, users);
  for (const [alias, watchable] of aliases) {
    if (watchable !== null && !named.has(alias)) named.set(alias, watchable);
  }
  return named;
}
