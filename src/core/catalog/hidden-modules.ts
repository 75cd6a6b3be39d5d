/** Modules of the user interface: they are listed, but have neither fields nor records in the API. PROTOCOL F.2. */
import type { Layout } from "./module-data.ts";

export type HiddenModule = {
  readonly apiName: string;
  readonly singularLabel: string;
  readonly sequences: Readonly<Record<Layout, number>>;
};

export const hiddenModules: readonly HiddenModule[] = [
  { apiName: "Home", singularLabel: "Home", sequences: { early: 123, current: 2173 } },
  { apiName: "Forecasts", singularLabel: "Forecast", sequences: { early: 135, current: 2185 } },
  { apiName: "Reports", singularLabel: "Report", sequences: { early: 137, current: 2187 } },
  { apiName: "Analytics", singularLabel: "Analytics", sequences: { early: 139, current: 2189 } },
  { apiName: "Feeds", singularLabel: "Feed", sequences: { early: 149, current: 2199 } },
  { apiName: "Documents", singularLabel: "Document", sequences: { early: 151, current: 2201 } },
  { apiName: "SalesInbox", singularLabel: "SalesInbox", sequences: { early: 153, current: 2203 } },
  { apiName: "Social", singularLabel: "Social", sequences: { early: 155, current: 2205 } },
  { apiName: "Projects", singularLabel: "Project", sequences: { early: 157, current: 2207 } },
  { apiName: "Emails", singularLabel: "Email", sequences: { early: 179, current: 2229 } },
];

/** The users of an org: no module, but channels watch them as if they were one. */
export const usersSequences: Readonly<Record<Layout, number>> = { early: 121, current: 2171 };
