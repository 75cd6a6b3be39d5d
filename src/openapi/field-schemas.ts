/** The schemas of a field: as the metadata shows it, in the forms of all versions, and as requests write it (PROTOCOL F.3; O26). */
import { customDataTypes } from "../core/custom-field.ts";
import { limits } from "../core/limits.ts";
import type { Version } from "../wire/versions.ts";
import { success } from "./common-schemas.ts";
import { absent, flags } from "./key-groups.ts";
import type { Properties, Schema } from "./schema.ts";
import {
  anything,
  count,
  either,
  emptyObject,
  flag,
  given,
  id,
  idGiven,
  list,
  never,
  noted,
  orNull,
  ref,
  shape,
  spoken,
  text,
  time,
  word,
} from "./schema.ts";

/** Another module, in the form of the version. */
export const moduleReference: Schema = either(
  spoken(text(), (version) => version.lookupModule === "name"),
  spoken(ref("ModuleRef"), (version) => version.lookupModule === "object"),
);

const isObject = (version: Version): boolean => version.lookupModule === "object";
const lookup = shape(
  {
    display_label: text(),
    api_name: text(),
    module: orNull(moduleReference),
    id,
    query_details: spoken(emptyObject, isObject),
    revalidate_filter_during_edit: spoken(flag, isObject),
  },
  ["query_details", "revalidate_filter_during_edit"],
);

const multiLookup = shape(
  {
    display_label: text(),
    api_name: text(),
    lookup_apiname: text(),
    connected_module: never,
    id,
    linking_module: spoken(orNull(moduleReference), (version) => version.linkingModule === "linking_module"),
    linking_details: spoken(orNull(shape({ module: moduleReference })), (version) => version.linkingModule === "linking_details"),
  },
  ["linking_module", "linking_details"],
);

const subform = either(shape({ module: text(), id: orNull(id) }), emptyObject);
const orEmpty = (schema: Schema): Schema => either(emptyObject, schema);

const newKeys: Properties = {
  ...flags("history_tracking_enabled", "public"),
  ...absent("parent_field", "child_fields", "display_format", "display_format_properties", "range"),
  ...absent("private", "address", "column_name", "additional_column"),
};

export const fieldProperties: Properties = {
  associated_module: noted(orNull(subform), "Of lines, the module that they are of; in some versions."),
  subform: noted(orNull(subform), "As associated_module, in other versions."),
  lookup: orEmpty(lookup),
  multiselectlookup: orEmpty(multiLookup),
  multiuserlookup: orEmpty(multiLookup),
  ...flags("webhook", "colour_code_enabled_by_system", "field_read_only", "read_only", "businesscard_supported", "filterable"),
  operation_type: shape(flags("web_update", "api_create", "web_create", "api_update")),
  field_label: text(),
  display_label: text(),
  type: text(),
  customizable_properties: list(anything, { max: 0 }),
  multi_module_lookup: emptyObject,
  id,
  created_time: orNull(time),
  profiles: list(shape({ permission_type: word("read_write", "read_only"), name: text(), id })),
  view_type: shape(flags("view", "edit", "quick_create", "create")),
  api_name: text(),
  unique: noted(orEmpty(shape({ casesensitive: text() })), "With a key, values are told apart: no two records have the same."),
  pick_list_values: list(ref("PickListValue")),
  json_type: word("string", "integer", "double", "boolean", "jsonobject", "jsonarray"),
  created_source: text(),
  modified_time: orNull(time),
  email_parser: shape(flags("fields_update_supported", "record_operations_supported")),
  currency: orEmpty(shape({ rounding_option: text(), precision: count() })),
  rollup_summary: emptyObject,
  length: orNull(count()),
  layout_associations: list(shape({ api_name: text(), name: text(), id })),
  data_type: text(),
  formula: orEmpty(shape({ return_type: text(), expression: text() })),
  decimal_place: orNull(count()),
  auto_number: orEmpty(shape({ prefix: text(), start_number: count(), suffix: text() })),
  ...flags("visible", "separator", "searchable", "enable_colour_code", "system_mandatory", "virtual_field", "custom_field"),
  ...flags("display_field", "pick_list_values_sorted_lexically", "sortable", "hipaa_compliance_enabled", "mass_update"),
  ...flags("blueprint_supported"),
  ...absent("tooltip", "association_details", "external", "crypt", "display_type", "ui_type", "quick_sequence_number"),
  ...absent("hipaa_compliance", "convert_mapping", "global_picklist", "history_tracking"),
  ...Object.fromEntries(Object.entries(newKeys).map(([key, schema]) => [key, spoken(schema, (version) => version.hasNewFieldKeys)])),
};

/** Keys of a field that only some versions print. */
export const optionalFieldKeys = Object.keys(newKeys);

const pickListChange = given({
  id: noted(idGiven, "The value to change; without it one is added."),
  display_value: text(limits.pickListValueCharsMax),
  actual_value: text(limits.pickListValueCharsMax),
  _delete: noted(anything, "There, and not false: the value is removed."),
});

const settable: Properties = {
  field_label: text(limits.fieldLabelCharsMax),
  api_name: orNull({ type: "string", pattern: "^[A-Za-z](?:_?[A-Za-z0-9])*$", maxLength: limits.apiNameCharsMax }),
  length: orNull(count({ min: 1 })),
  pick_list_values: orNull(list(pickListChange, { max: limits.pickListValuesMax })),
};

export const fieldSchemas: Properties = {
  Field: shape(fieldProperties, optionalFieldKeys),
  PickListValue: shape(
    {
      display_value: text(),
      sequence_number: count({ min: 1 }),
      reference_value: text(),
      colour_code: never,
      actual_value: text(),
      id,
      type: text(),
      probability: noted(count({ max: 100 }), "Of a stage."),
      forecast_type: noted(text(), "Of a stage."),
      forecast_category: orNull(
        either(
          spoken(id, (version) => version.forecastCategory === "id"),
          spoken(ref("NamedRef"), (version) => version.forecastCategory === "object"),
        ),
      ),
    },
    ["probability", "forecast_type"],
  ),
  NewField: given(
    {
      ...settable,
      data_type: word(...customDataTypes),
      unique: noted(orNull({ type: "object" }), "With a key: no two records have the same value."),
      lookup: given({ module: given({ api_name: orNull(text()), id: orNull(idGiven) }) }, ["module"]),
    },
    ["field_label", "data_type"],
  ),
  FieldChange: given({
    ...settable,
    id: orNull(idGiven),
    data_type: noted(orNull(text()), "Cannot be changed: NOT_ALLOWED when it differs."),
  }),
  FieldWritten: success(word("field created", "field updated", "field deleted"), shape({ id })),
};
