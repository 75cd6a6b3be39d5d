/** Options that several commands have, each worded once. */
import type { Call, OptionSpec } from "../tree/command-spec.ts";
import { flagCount } from "../tree/read-values.ts";

const rowsMax = 100_000;
const rowsDefault = 50;

export const limitOption: OptionSpec = {
  flag: "--limit",
  placeholder: "<count>",
  help: `How many rows at most, from 1 to ${String(rowsMax)}; ${String(rowsDefault)} unless said.`,
};
export const orgOption: OptionSpec = { flag: "--org", placeholder: "<zgid>", help: "Only of the org with this zgid." };
export const keyOption: OptionSpec = {
  flag: "--channel-key",
  placeholder: "<key>",
  help: "Only of the channel with this key, as `channels list` shows it.",
};
export const channelOption: OptionSpec = {
  flag: "--channel",
  placeholder: "<id>",
  help: "Only of channels with this channel_id, of any org.",
};
export const moduleOption: OptionSpec = { flag: "--module", placeholder: "<name>", help: "Only of this module, such as Deals." };
export const recordOption: OptionSpec = { flag: "--record", placeholder: "<id>", help: "Only of the record with this id." };
export const fromOption: OptionSpec = {
  flag: "--from",
  placeholder: "<when>",
  help: "Not before this instant: a date, a date-time with an offset, or a length of time such as 2h for that long ago.",
};
export const untilOption: OptionSpec = { flag: "--until", placeholder: "<when>", help: "Before this instant, given as for --from." };

export function limitOf(call: Call): number {
  return flagCount(call, "--limit", { min: 1, max: rowsMax }) ?? rowsDefault;
}
