/**
 * The wire form of a field (`/settings/fields`): PROTOCOL F.3. What does not apply is null or an empty object, never left out.
 *
 * The versions differ in how a field names another module (CLIENTS 4; the official SDKs crash on the other form):
 *
 *     lookup.module                        v2, v2.1 `"Accounts"`          later `{"api_name":"Accounts","id":"…"}`
 *     lines                                to v5 `subform.module`         from v3 `associated_module.module`
 *     multiselectlookup, multiuserlookup   to v7 `linking_module`         v8 `linking_details.module`
 *     pick_list_values.forecast_category   v2, v2.1 digits                later `{"name":"Pipeline","id":"…"}`
 */
import type { Catalog, DataType, Field, Module } from "../core/catalog.ts";
import { layoutApiName, layoutIdOf, layoutName } from "../core/module-layout.ts";
import { writeDateTime } from "./datetime.ts";
import type { Json } from "./json.ts";
import { renderPickListValue } from "./metadata-pick-list.ts";
import { fieldProfileOf } from "./role-profile.ts";
import type { SubformKey, Version } from "./versions.ts";

type JsonType = "string" | "integer" | "double" | "boolean" | "jsonobject" | "jsonarray";
type WireType = { readonly dataType: string; readonly jsonType: JsonType };

/** `ALARM` and `RRULE` are what the SDKs look for; those of the names that are ours alone are arrays under the type `text`. */
const wireTypes: Record<DataType, WireType> = {
  text: { dataType: "text", jsonType: "string" },
  textarea: { dataType: "textarea", jsonType: "string" },
  picklist: { dataType: "picklist", jsonType: "string" },
  multiselectpicklist: { dataType: "multiselectpicklist", jsonType: "jsonarray" },
  email: { dataType: "email", jsonType: "string" },
  phone: { dataType: "phone", jsonType: "string" },
  website: { dataType: "website", jsonType: "string" },
  integer: { dataType: "integer", jsonType: "integer" },
  bigint: { dataType: "bigint", jsonType: "string" },
  double: { dataType: "double", jsonType: "double" },
  currency: { dataType: "currency", jsonType: "double" },
  percent: { dataType: "percent", jsonType: "double" },
  boolean: { dataType: "boolean", jsonType: "boolean" },
  date: { dataType: "date", jsonType: "string" },
  datetime: { dataType: "datetime", jsonType: "string" },
  lookup: { dataType: "lookup", jsonType: "jsonobject" },
  ownerlookup: { dataType: "ownerlookup", jsonType: "jsonobject" },
  userlookup: { dataType: "userlookup", jsonType: "jsonobject" },
  multiselectlookup: { dataType: "multiselectlookup", jsonType: "jsonarray" },
  multiuserlookup: { dataType: "multiuserlookup", jsonType: "jsonarray" },
  subform: { dataType: "subform", jsonType: "jsonarray" },
  formula: { dataType: "formula", jsonType: "double" },
  autonumber: { dataType: "autonumber", jsonType: "string" },
  profileimage: { dataType: "profileimage", jsonType: "string" },
  layout: { dataType: "layout", jsonType: "jsonobject" },
  territories: { dataType: "territories", jsonType: "jsonarray" },
  tags: { dataType: "text", jsonType: "jsonarray" },
  consent_lookup: { dataType: "consent_lookup", jsonType: "jsonobject" },
  multireminder: { dataType: "multireminder", jsonType: "jsonarray" },
  reminder: { dataType: "ALARM", jsonType: "jsonobject" },
  recurrence: { dataType: "RRULE", jsonType: "jsonobject" },
  participants: { dataType: "text", jsonType: "jsonarray" },
  comments: { dataType: "text", jsonType: "jsonarray" },
  pricing: { dataType: "text", jsonType: "jsonarray" },
  time_range: { dataType: "time_range", jsonType: "jsonarray" },
};

const decimalPlaces: Partial<Record<DataType, number>> = { currency: 2, double: 2, percent: 2 };

/** The catalog's mark of a lookup whose module the record says, and the name by which the SDKs know it. */
const anyModule = { inCatalog: "$se_module", onWire: "se_module" } as const;

/** A field of `module`, and what it takes to name other modules in a version's way. */
export type FieldInPlace = MetadataContext & { readonly field: Field; readonly module: Module };

export type MetadataContext = {
  readonly catalog: Catalog;
  readonly version: Version;
  /** Of the org, as an IANA name. */
  readonly timeZone: string;
};

/** The field as an item of `fields`. */
export function renderField(place: FieldInPlace): Readonly<Record<string, Json>> {
  const { field, module, version } = place;
  const { dataType, jsonType } = wireTypes[field.dataType];
  const isWritable = !field.isReadOnly;
  const isScalar = jsonType !== "jsonobject" && jsonType !== "jsonarray";
  return {
    ...renderModulesNamed(place),
    webhook: true,
    operation_type: { web_update: isWritable, api_create: isWritable, web_create: isWritable, api_update: isWritable },
    colour_code_enabled_by_system: false,
    field_label: field.label,
    tooltip: null,
    type: "used",
    field_read_only: field.isReadOnly,
    customizable_properties: [],
    display_label: field.label,
    read_only: field.isReadOnly,
    association_details: null,
    businesscard_supported: isScalar,
    multi_module_lookup: {},
    id: field.id,
    created_time: renderTime(field.createdAt ?? null, place),
    filterable: true,
    visible: true,
    profiles: [fieldProfileOf(field.id, isWritable)],
    view_type: { view: true, edit: isWritable, quick_create: field.isMandatory, create: isWritable },
    separator: false,
    searchable: isScalar,
    external: null,
    api_name: field.apiName,
    // The key is the sign that values are compared; whose case counts, the documents show as a text.
    unique: field.isUnique === true ? { casesensitive: "false" } : {},
    enable_colour_code: false,
    pick_list_values: field.pickList.map((value, index) => renderPickListValue(value, { ...place, index })),
    system_mandatory: field.isMandatory,
    virtual_field: false,
    json_type: jsonType,
    crypt: null,
    created_source: "default",
    display_type: null,
    ui_type: null,
    modified_time: renderTime(field.modifiedAt ?? null, place),
    quick_sequence_number: null,
    email_parser: { fields_update_supported: false, record_operations_supported: false },
    currency: field.dataType === "currency" ? { rounding_option: "normal", precision: 2 } : {},
    custom_field: field.isCustom,
    hipaa_compliance: null,
    convert_mapping: null,
    rollup_summary: {},
    length: field.length,
    display_field: field.apiName === module.nameField,
    pick_list_values_sorted_lexically: false,
    sortable: isScalar,
    layout_associations: renderLayoutAssociations(module),
    global_picklist: null,
    history_tracking: null,
    data_type: dataType,
    formula: field.dataType === "formula" ? { return_type: "double", expression: "" } : {},
    hipaa_compliance_enabled: false,
    decimal_place: decimalPlaces[field.dataType] ?? null,
    mass_update: isWritable && isScalar,
    blueprint_supported: isWritable,
    auto_number: field.dataType === "autonumber" ? { prefix: "", start_number: 1, suffix: "" } : {},
    ...(version.hasNewFieldKeys ? newKeys : {}),
  };
}

/** Keys of 2025, about what is not kept here (O26). */
const newKeys = {
  history_tracking_enabled: false,
  parent_field: null,
  child_fields: null,
  display_format: null,
  display_format_properties: null,
  range: null,
  private: null,
  public: false,
  address: null,
  column_name: null,
  additional_column: null,
} as const satisfies Record<string, Json>;

/** An instant in the org's time zone; null for none. */
export function renderTime(atMs: number | null, { timeZone }: Pick<MetadataContext, "timeZone">): Json {
  return atMs === null ? null : writeDateTime(atMs, timeZone);
}

function renderLayoutAssociations(module: Module): Json {
  const id = layoutIdOf(module);
  return id === null ? [] : [{ api_name: layoutApiName, name: layoutName, id }];
}

/** The keys in which a field names other modules; those of other data types stay empty. */
function renderModulesNamed(place: FieldInPlace): Readonly<Record<string, Json>> {
  const { field, version } = place;
  const hasLines = (key: SubformKey): boolean => field.dataType === "subform" && version.subformKeys.includes(key);
  return {
    associated_module: hasLines("associated_module") ? renderSubform(place) : null,
    subform: hasLines("subform") ? renderSubform(place) : null,
    lookup: field.dataType === "lookup" ? renderLookup(place) : {},
    multiselectlookup: field.dataType === "multiselectlookup" ? renderMultiLookup(place) : {},
    multiuserlookup: field.dataType === "multiuserlookup" ? renderMultiLookup(place) : {},
  };
}

function renderSubform({ field, catalog }: FieldInPlace): Json {
  const target = targetOf(field, catalog);
  return target === null ? {} : { module: target.apiName, id: target.id };
}

function renderLookup(place: FieldInPlace): Json {
  const { field, module, version } = place;
  const head = { display_label: module.pluralLabel, api_name: module.apiName, module: renderTarget(place), id: field.id };
  return version.lookupModule === "name" ? head : { ...head, query_details: {}, revalidate_filter_during_edit: false };
}

/** The catalog's module of a multi-select lookup is its linking module; the module on the far side is not told. */
function renderMultiLookup(place: FieldInPlace): Json {
  const { field, module, version } = place;
  const head = {
    display_label: field.label,
    api_name: field.apiName,
    lookup_apiname: module.apiName,
    connected_module: null,
    id: field.id,
  };
  const linked = renderTarget(place);
  if (version.linkingModule === "linking_module") return { ...head, linking_module: linked };
  // Where nothing links, null: of an object the 8.0 SDKs read the module's name without a look.
  return { ...head, linking_details: linked === null ? null : { module: linked } };
}

/** The module that the field points to, in the form of the version; null when it points to none. */
function renderTarget({ field, catalog, version }: FieldInPlace): Json {
  const target = targetOf(field, catalog);
  return target === null ? null : renderModuleRef(target, version);
}

/** Another module, in the form in which the version's metadata names one. */
export function renderModuleRef(module: { readonly apiName: string; readonly id: string | null }, version: Version): Json {
  return version.lookupModule === "name" ? module.apiName : { api_name: module.apiName, id: module.id };
}

function targetOf(field: Field, catalog: Catalog): { readonly apiName: string; readonly id: string | null } | null {
  if (field.lookupModule === null) return null;
  if (field.lookupModule === anyModule.inCatalog) return { apiName: anyModule.onWire, id: null };
  const module = catalog.module(field.lookupModule);
  return module === undefined ? { apiName: field.lookupModule, id: null } : { apiName: module.apiName, id: module.id };
}
