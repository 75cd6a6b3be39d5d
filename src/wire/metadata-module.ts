/** The wire form of a module (`/settings/modules`): PROTOCOL F.2. What is not kept here is null, empty or the usual value. */
import type { Catalog, Module } from "../core/catalog.ts";
import type { Json } from "./json.ts";
import { renderField } from "./metadata-field.ts";
import type { Version } from "./versions.ts";

const businessCardFieldMax = 5;
const rowsPerPage = 200;

/** The module as an item of the list `modules`, the same in every version. */
export function renderModule(module: Module): Json {
  return summaryOf(module);
}

/** The module as the one item of `GET /settings/modules/{api_name}`, with its fields. */
export function renderModuleDetail(module: Module, catalog: Catalog, version: Version): Json {
  const isOrdinary = isOpenToPeople(module);
  return {
    ...summaryOf(module),
    global_search_supported: isOrdinary,
    chart_view: false,
    chart_view_supported: false,
    isBlueprintSupported: false,
    emailTemplate_support: false,
    email_parser_supported: false,
    inventory_template_supported: false,
    filter_supported: module.isApiSupported,
    filter_status: module.isApiSupported,
    scoring_supported: false,
    webform_supported: false,
    triggers_supported: module.isWatchable,
    kanban_view: false,
    kanban_view_supported: false,
    zia_view: false,
    track_current_data: false,
    activity_badge: "Disabled",
    territory: null,
    per_page: rowsPerPage,
    display_field: module.nameField,
    business_card_fields: [],
    custom_view: null,
    search_layout_fields: [],
    lookup_field_properties: { fields: [] },
    related_list_properties: null,
    default_mapping_fields: [],
    layouts: [],
    related_lists: [],
    $properties: [],
    $on_demand_properties: [],
    $field_states: [],
    fields: module.fields.map((field) => renderField({ field, module, catalog, version })),
  };
}

function summaryOf(module: Module): Readonly<Record<string, Json>> {
  const isOrdinary = isOpenToPeople(module);
  return {
    has_more_profiles: false,
    access_type: "org_based",
    private_profile: null,
    deletable: isOrdinary,
    description: null,
    creatable: isOrdinary,
    recycle_bin_on_delete: isOrdinary,
    modified_time: null,
    plural_label: module.pluralLabel,
    presence_sub_menu: isOrdinary,
    actual_plural_label: module.pluralLabel,
    id: module.id,
    visibility: isOrdinary ? 1 : 0,
    convertable: module.apiName === "Leads",
    sub_menu_available: isOrdinary,
    editable: isOrdinary,
    actual_singular_label: module.singularLabel,
    profiles: [],
    show_as_tab: isOrdinary,
    web_link: null,
    sequence_number: null,
    singular_label: module.singularLabel,
    viewable: isOrdinary,
    api_supported: module.isApiSupported,
    api_name: module.apiName,
    quick_create: isOrdinary,
    modified_by: null,
    generated_type: module.generatedType,
    feeds_required: false,
    arguments: [],
    module_name: module.moduleName,
    profile_count: 0,
    business_card_field_limit: isOrdinary ? businessCardFieldMax : 0,
    parent_module: {},
    status: statusOf(module),
  };
}

/** Whether people make, see and change records of the module by themselves: not the lines of an order, nor a tracker's rows. */
function isOpenToPeople(module: Module): boolean {
  return module.isApiSupported && (module.generatedType === "default" || module.generatedType === "custom");
}

function statusOf(module: Module): "visible" | "user_hidden" | "system_hidden" {
  if (module.generatedType === "field_tracker") return "user_hidden";
  return module.generatedType === "subform" || module.generatedType === "linking" ? "system_hidden" : "visible";
}
