/** The values of a pick list in the metadata of a field (PROTOCOL F.3). A stage of a deal also says what it means for a forecast. */
import type { Field, Module, PickListValue } from "../core/catalog.ts";
import { forecastCategorySequences, forecastOf } from "../core/catalog/stage-forecasts.ts";
import { idBeside } from "../core/ids.ts";
import type { Json } from "./json.ts";
import type { Version } from "./versions.ts";

export type PickListPlace = {
  readonly field: Field;
  readonly module: Module;
  readonly version: Version;
  /** The value's place in the list, from 0. */
  readonly index: number;
};

/** The value as an item of `pick_list_values`. */
export function renderPickListValue(value: PickListValue, place: PickListPlace): Json {
  const { field, module, version, index } = place;
  const forecast = forecastOf(module.apiName, field.apiName, value.value);
  const item = {
    display_value: value.label,
    sequence_number: index + 1,
    reference_value: value.value,
    colour_code: null,
    actual_value: value.value,
    id: value.id,
    type: "used",
  };
  if (forecast === null) return { ...item, forecast_category: null };
  const categoryId = idBeside(field.id, forecastCategorySequences[forecast.category]);
  return {
    ...item,
    probability: forecast.probability,
    forecast_type: forecast.type,
    // An object crashes the SDKs of v2.1, which read a long here (CLIENTS 4).
    forecast_category: version.forecastCategory === "id" ? categoryId : { name: forecast.category, id: categoryId },
  };
}
