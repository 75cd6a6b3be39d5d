/** The wire form of a module (`/settings/modules`): PROTOCOL F.2. What is not kept here is null, empty or the usual value. */
import type { Catalog, Module } from "../core/catalog.ts";
import { layoutOf } from "../core/module-layout.ts";
import { relatedListsOf } from "../core/related-list.ts";
import type { Json } from "./json.ts";
import { type MetadataContext, renderField, renderTime } from "./metadata-field.ts";
import { renderLayoutHead } from "./metadata-layout.ts";
import { renderRelatedList } from "./metadata-related-list.ts";
import { profileOf } from "./role-profile.ts";

const businessCardFieldMax = 5;
const rowsPerPage = 200;

export const moduleStatuses = ["visible", "user_hidden", "system_hidden", "scheduled_for_deletion"] as const;
export type ModuleStatus = (typeof moduleStatuses)[number];

/** The module as an item of the list `modules`, the same in every version. */
export function renderModule(module: Module, context: MetadataContext): Json {
  return summaryOf(module, context);
}

/** The module as the one item of `GET /settings/modules/{api_name}`, with its fields, layout and related lists. */
export function renderModuleDetail(module: Module, context: MetadataContext): Json {
  const isOrdinary = isOpenToPeople(module);
  const layout = layoutOf(module);
  const lists = relatedListsOf(context.catalog, module);
  return {
    ...summaryOf(module, context),
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
    layouts: layout === null ? [] : [renderLayoutHead(layout, context)],
    related_lists: lists.map((list, index) => renderRelatedList(list, { ...context, module, index })),
    $properties: [],
    $on_demand_properties: [],
    $field_states: [],
    fields: module.fields.map((field) => renderField({ ...context, field, module })),
  };
}

/** What `status` of the list selects by. */
export function moduleStatusOf(module: Module): ModuleStatus {
  if (module.generatedType === "field_tracker") return "user_hidden";
  return module.generatedType === "subform" || module.generatedType === "linking" ? "system_hidden" : "visible";
}

function summaryOf(module: Module, context: MetadataContext): Readonly<Record<string, Json>> {
  const isOrdinary = isOpenToPeople(module);
  return {
    has_more_profiles: false,
    access_type: "org_based",
    private_profile: null,
    deletable: isOrdinary,
    description: null,
    creatable: isOrdinary,
    recycle_bin_on_delete: isOrdinary,
    modified_time: renderTime(module.modifiedAt, context),
    plural_label: module.pluralLabel,
    presence_sub_menu: isOrdinary,
    actual_plural_label: module.pluralLabel,
    id: module.id,
    visibility: isOrdinary ? 1 : 0,
    convertable: module.apiName === "Leads",
    sub_menu_available: isOrdinary,
    editable: isOrdinary,
    actual_singular_label: module.singularLabel,
    profiles: isOrdinary ? [profileOf(module.id)] : [],
    show_as_tab: isOrdinary,
    web_link: null,
    sequence_number: isOrdinary ? sequenceNumberOf(module, context.catalog) : null,
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
    profile_count: isOrdinary ? 1 : 0,
    business_card_field_limit: isOrdinary ? businessCardFieldMax : 0,
    parent_module: parentOf(module, context.catalog),
    status: moduleStatusOf(module),
  };
}

/** Whether people make, see and change records of the module by themselves: not the lines of an order, nor a tracker's rows. */
function isOpenToPeople(module: Module): boolean {
  return module.isApiSupported && (module.generatedType === "default" || module.generatedType === "custom");
}

/** The module's place among the tabs, from 1. */
function sequenceNumberOf(module: Module, catalog: Catalog): number {
  return catalog.modules.filter(isOpenToPeople).findIndex((other) => other.id === module.id) + 1;
}

/** The module whose lines these are, or whose changes a tracker keeps; an empty object for a module of its own. */
function parentOf(module: Module, catalog: Catalog): Json {
  const parent = isOpenToPeople(module) ? undefined : catalog.modules.find((other) => isParent(other, module));
  return parent === undefined ? {} : { api_name: parent.apiName, id: parent.id };
}

function isParent(other: Module, module: Module): boolean {
  if (module.generatedType === "subform") {
    return other.fields.some((field) => field.dataType === "subform" && field.lookupModule === module.apiName);
  }
  const followed = module.fields.find((field) => field.dataType === "lookup")?.lookupModule;
  return module.generatedType === "field_tracker" && other.apiName === followed;
}
