/** The wire form of a related list (`/settings/related_lists`; PROTOCOL F.5). */
import type { Catalog, Module } from "../core/catalog.ts";
import type { RelatedList } from "../core/related-list.ts";
import type { Json } from "./json.ts";
import { renderModuleRef } from "./metadata-field.ts";
import type { Version } from "./versions.ts";

export type RelatedListInPlace = {
  /** The module whose records have the list. */
  readonly module: Module;
  readonly catalog: Catalog;
  readonly version: Version;
  /** Its place among the module's lists, from 0. */
  readonly index: number;
};

/** The list as an item of `related_lists`. */
export function renderRelatedList(list: RelatedList, place: RelatedListInPlace): Json {
  const { module, catalog, version, index } = place;
  const listed = catalog.module(list.module) ?? { apiName: list.module, id: null };
  return {
    id: list.id,
    sequence_number: String(index + 1),
    display_label: list.label,
    api_name: list.apiName,
    name: list.label,
    module: renderModuleRef(listed, version),
    type: "default",
    action: null,
    href: `${module.apiName}/{ENTITYID}/${list.apiName}`,
    status: "visible",
    visible: true,
    connectedmodule: null,
    linkingmodule: null,
    customize_sort: false,
    customize_fields: false,
    customize_display_label: false,
  };
}
