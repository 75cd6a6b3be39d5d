/** docs/scale.md: people write it, except for the tables between its two markers. */
import { format } from "prettier";
import manifest from "../../.prettierrc.json" with { type: "json" };

const begin = "<!-- scale: begin -->";
const end = "<!-- scale: end -->";

/** The page with these tables. */
export function scalePageWith(tables: string, page: string): Promise<string> {
  const from = page.indexOf(begin);
  const until = page.indexOf(end);
  if (from === -1 || until < from) throw new Error(`the page has no ${begin} and ${end}`);
  const text = `${page.slice(0, from + begin.length)}\n\n${tables}\n\n${page.slice(until)}`;
  return format(text, { ...manifest, parser: "markdown" } as Parameters<typeof format>[1]);
}
