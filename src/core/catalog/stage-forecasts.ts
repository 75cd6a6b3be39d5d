/** What the standard stages of a deal mean for a forecast. Stages and the 75 % of a proposal: PROTOCOL F.6, v6 seed. */

export type ForecastCategory = "Pipeline" | "Closed" | "Omitted";
export type StageForecast = {
  /** Percent. */
  readonly probability: number;
  readonly type: "Open" | "Closed Won" | "Closed Lost";
  readonly category: ForecastCategory;
};

/** The numbers of the categories among an org's ids: of those that the catalog leaves free, below the modules. */
export const forecastCategorySequences: Readonly<Record<ForecastCategory, number>> = { Pipeline: 104, Closed: 105, Omitted: 106 };

const forecasts: ReadonlyMap<string, StageForecast> = new Map<string, StageForecast>([
  ["Qualification", open(10)],
  ["Needs Analysis", open(20)],
  ["Value Proposition", open(40)],
  ["Id. Decision Makers", open(60)],
  ["Proposal/Price Quote", open(75)],
  ["Negotiation/Review", open(90)],
  ["Closed Won", { probability: 100, type: "Closed Won", category: "Closed" }],
  ["Closed Lost", { probability: 0, type: "Closed Lost", category: "Omitted" }],
  ["Closed Lost to Competition", { probability: 0, type: "Closed Lost", category: "Omitted" }],
]);

/** The forecast of a value of this field; null for all but the stages of a deal. */
export function forecastOf(module: string, field: string, value: string): StageForecast | null {
  return module === "Deals" && field === "Stage" ? (forecasts.get(value) ?? null) : null;
}

function open(probability: number): StageForecast {
  return { probability, type: "Open", category: "Pipeline" };
}
