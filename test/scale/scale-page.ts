/** docs/scale.md: people write it, except for the tables between its two markers. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { format } from "prettier";
import manifest from "../../.prettierrc.json" with { type: "json" };
import { repositoryRoot } from "../../tools/repository.ts";
import { tablesText } from "./tables.ts";

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

/** Puts the tables into the page. */
export async function writeScalePage(): Promise<void> {
  const page = path.join(repositoryRoot, "docs/scale.md");
  writeFileSync(page, await scalePageWith(tablesText(), readFileSync(page, "utf8")));
}
