/** The data folder that a command is about, chosen as the server chooses its own. */
import path from "node:path";
import { options } from "../../config/options.ts";
import type { Call, OptionSpec } from "../tree/command-spec.ts";
import { flagText } from "../tree/read-values.ts";

export const dataOption: OptionSpec = {
  flag: "--data",
  placeholder: "<folder>",
  help: `The data folder; ${options.data.environment} or .watchpost/data, as for \`serve\`, unless said.`,
  isPath: true,
};

/** In full. */
export function dataFolderOf(call: Call): string {
  return path.resolve(dataFolderGiven(call) ?? path.join(".watchpost", "data"));
}

/** As it was given by flag or variable; null: neither. */
export function dataFolderGiven(call: Call): string | null {
  const variable = call.environment[options.data.environment]?.trim() ?? "";
  return flagText(call, "--data") ?? (variable === "" ? null : variable);
}
