/** The environment for a child: without the variables of our own options, for those were meant for this process. */
import { optionRows } from "../config/options.ts";
import type { Environment } from "../config/read-options.ts";

export function childEnvironment(environment: Environment): Record<string, string> {
  const ours = new Set<string>(optionRows().map(({ option }) => option.environment));
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) if (value !== undefined && !ours.has(name)) kept[name] = value;
  return kept;
}
