/** docs/performance.md: people write it, except for the tables between its two markers. */
import { format } from "prettier";
import manifest from "../../.prettierrc.json" with { type: "json" };
import { type Report, markdownOf } from "./report.ts";

const begin = "<!-- bench: begin -->";
const end = "<!-- bench: end -->";

/** The page with the tables of this report. */
export function pageWith(report: Report, page: string): Promise<string> {
  const from = page.indexOf(begin);
  const until = page.indexOf(end);
  if (from === -1 || until < from) throw new Error(`the page has no ${begin} and ${end}`);
  const text = `${page.slice(0, from + begin.length)}\n\n${markdownOf(report)}\n\n${page.slice(until)}`;
  return format(text, { ...manifest, parser: "markdown" } as Parameters<typeof format>[1]);
}
