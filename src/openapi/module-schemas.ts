/** The schemas of modules, layouts and related lists in the metadata (PROTOCOL F.2, F.5; O26). */
import { generatedTypes } from "../core/catalog.ts";
import { limits } from "../core/limits.ts";
import { moduleStatuses } from "../wire/metadata-module.ts";
import { success } from "./common-schemas.ts";
import { fieldProperties, moduleReference, optionalFieldKeys } from "./field-schemas.ts";
import { absent, flags } from "./key-groups.ts";
import type { Properties } from "./schema.ts";
import {
  anything,
  either,
  emptyObject,
  flag,
  given,
  id,
  idGiven,
  integer,
  list,
  noted,
  orNull,
  ref,
  shape,
  spoken,
  text,
  time,
  word,
} from "./schema.ts";

const nothingOf = list(anything, { max: 0 });

const summary: Properties = {
  access_type: text(),
  modified_time: orNull(time),
  plural_label: text(),
  actual_plural_label: text(),
  singular_label: text(),
  actual_singular_label: text(),
  id,
  visibility: integer,
  profiles: list(ref("NamedRef")),
  sequence_number: orNull(integer),
  api_name: text(),
  generated_type: word(...generatedTypes),
  arguments: nothingOf,
  module_name: text(),
  profile_count: integer,
  business_card_field_limit: integer,
  parent_module: either(shape({ api_name: text(), id }), emptyObject),
  status: word(...moduleStatuses),
  ...flags("has_more_profiles", "deletable", "creatable", "recycle_bin_on_delete", "presence_sub_menu", "convertable"),
  ...flags("sub_menu_available", "editable", "show_as_tab", "viewable", "api_supported", "quick_create", "feeds_required"),
  ...absent("private_profile", "description", "web_link", "modified_by"),
};

const details: Properties = {
  activity_badge: text(),
  per_page: integer,
  display_field: orNull(text()),
  business_card_fields: nothingOf,
  search_layout_fields: nothingOf,
  lookup_field_properties: shape({ fields: nothingOf }),
  default_mapping_fields: nothingOf,
  layouts: list(ref("LayoutHead")),
  related_lists: list(ref("RelatedList")),
  $properties: nothingOf,
  $on_demand_properties: nothingOf,
  $field_states: nothingOf,
  fields: list(ref("Field")),
  ...flags("global_search_supported", "chart_view", "chart_view_supported", "isBlueprintSupported", "emailTemplate_support"),
  ...flags("email_parser_supported", "inventory_template_supported", "filter_supported", "filter_status", "scoring_supported"),
  ...flags("webform_supported", "triggers_supported", "kanban_view", "kanban_view_supported", "zia_view", "track_current_data"),
  ...absent("territory", "custom_view", "related_list_properties"),
};

const view = shape({ name: text(), id, type: text() });
const layoutHead: Properties = {
  id,
  name: text(),
  api_name: text(),
  display_label: text(),
  generated_type: text(),
  source: text(),
  status: either(
    spoken(integer, (version) => version.layoutStatus === "number"),
    spoken(text(), (version) => version.layoutStatus === "word"),
  ),
  profiles: list(shape({ name: text(), id, default: flag, _default_view: view, _default_assignment_view: view })),
};

const sectionField = shape(
  {
    ...fieldProperties,
    required: flag,
    sequence_number: integer,
    section_id: integer,
    ...absent("default_value", "validation_rule", "refer_from_field"),
  },
  optionalFieldKeys,
);

const section = shape({
  display_label: text(),
  sequence_number: integer,
  isSubformSection: flag,
  tab_traversal: either(
    spoken(integer, (version) => version.tabTraversal === "number"),
    spoken(text(), (version) => version.tabTraversal === "word"),
  ),
  api_name: text(),
  column_count: integer,
  name: text(),
  generated_type: text(),
  id,
  type: text(),
  fields: list(sectionField),
  ...absent("properties", "actions_allowed"),
});

const label = noted(text(limits.moduleLabelCharsMax), "Letters, digits and blanks.");
const apiName = orNull({ type: "string", pattern: "^[A-Za-z](?:_?[A-Za-z0-9])*$", maxLength: limits.apiNameCharsMax });

export const moduleSchemas: Properties = {
  Module: shape(summary),
  ModuleDetail: shape({ ...summary, ...details }),
  LayoutHead: shape(layoutHead),
  Layout: shape({
    ...layoutHead,
    modified_time: orNull(time),
    sections: list(section),
    ...flags("visible", "has_more_profiles", "show_business_card"),
    ...absent("created_time", "created_by", "modified_by", "created_for", "convert_mapping", "display_type", "actions_allowed"),
  }),
  RelatedList: shape({
    id,
    sequence_number: text(),
    display_label: text(),
    api_name: text(),
    name: text(),
    module: moduleReference,
    type: text(),
    href: text(),
    status: text(),
    ...flags("visible", "customize_sort", "customize_fields", "customize_display_label"),
    ...absent("action", "connectedmodule", "linkingmodule"),
  }),
  NewModule: given(
    {
      plural_label: label,
      singular_label: label,
      api_name: apiName,
      profiles: list(given({ id: idGiven }, ["id"]), { min: 1, max: limits.profilesPerModuleMax }),
    },
    ["plural_label", "singular_label", "profiles"],
  ),
  ModuleChange: given({
    id: orNull(idGiven),
    plural_label: orNull(label),
    singular_label: orNull(label),
    api_name: noted(apiName, "Cannot be changed: NOT_ALLOWED when it differs."),
  }),
  ModuleWritten: success(word("module created successfully", "module updated successfully", "module deleted successfully"), shape({ id })),
};
