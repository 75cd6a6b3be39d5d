/** The wire form of a layout (`/settings/layouts`; O26, CLIENTS 4): its sections, each with its fields in the form of the version. */
import type { Module } from "../core/catalog.ts";
import type { LayoutSection, ModuleLayout } from "../core/module-layout.ts";
import type { Json } from "./json.ts";
import { type MetadataContext, renderField, renderTime } from "./metadata-field.ts";
import { profileOf } from "./role-profile.ts";

export type LayoutInPlace = MetadataContext & { readonly module: Module };

const columnsPerSection = 2;
const numberOfActive = 0;
const numberOfLeftToRight = 2;

/** The layout as an item of `layouts`. */
export function renderLayout(layout: ModuleLayout, place: LayoutInPlace): Json {
  return {
    ...renderLayoutHead(layout, place),
    created_time: null,
    modified_time: renderTime(place.module.modifiedAt, place),
    created_by: null,
    modified_by: null,
    created_for: null,
    convert_mapping: null,
    visible: true,
    has_more_profiles: false,
    show_business_card: true,
    display_type: null,
    actions_allowed: null,
    sections: layout.sections.map((section, index) => renderSection(section, { ...place, index })),
  };
}

/** The layout as `layouts` of a module lists it, without its sections. */
export function renderLayoutHead(layout: ModuleLayout, { version }: Pick<LayoutInPlace, "version">): Readonly<Record<string, Json>> {
  const view = { name: layout.name, id: layout.id, type: "layout" };
  return {
    id: layout.id,
    name: layout.name,
    api_name: layout.apiName,
    display_label: layout.name,
    generated_type: "system",
    source: "crm",
    status: version.layoutStatus === "number" ? numberOfActive : "active",
    profiles: [{ ...profileOf(layout.id), default: true, _default_view: view, _default_assignment_view: view }],
  };
}

function renderSection(section: LayoutSection, place: LayoutInPlace & { readonly index: number }): Json {
  const { version, index } = place;
  return {
    display_label: section.name,
    sequence_number: index + 1,
    isSubformSection: section.isOfLines,
    tab_traversal: version.tabTraversal === "number" ? numberOfLeftToRight : "left_to_right",
    api_name: section.name,
    column_count: section.isOfLines ? 1 : columnsPerSection,
    name: section.name,
    generated_type: "default",
    id: section.id,
    type: "used",
    properties: null,
    actions_allowed: null,
    fields: section.fields.map((field, position) => ({
      ...renderField({ ...place, field }),
      required: field.isMandatory,
      sequence_number: position + 1,
      section_id: index + 1,
      default_value: null,
      validation_rule: null,
      refer_from_field: null,
    })),
  };
}
