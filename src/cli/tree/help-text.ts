/** What the help has below its list of options: examples and exit codes, as a man page would. */
import { exitCodeMeanings } from "../command.ts";
import type { CommandPage, Example } from "./command-spec.ts";

/** The text above the options: what it is for, then the paragraphs. */
export function descriptionText({ summary, details }: CommandPage): string {
  return [summary, ...details].join("\n\n");
}

/** With an empty line in front. */
export function closingText(examples: readonly Example[]): string {
  const shown = examples.map(({ line, says }) => `  ${says}\n    $ ${line}\n`).join("\n");
  return `${examples.length === 0 ? "" : `\nExamples:\n${shown}`}\n${exitCodesText()}`;
}

export function exitCodesText(): string {
  return `Exit codes:\n${exitCodeMeanings.map(([code, meaning]) => `  ${String(code)}  ${meaning}`).join("\n")}\n`;
}
