/**
 * Computes what docs/scale.md shows, and prints it.
 *
 *     npm run -s scale -- [--write]
 *
 * `--write` puts the tables into the page.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { repositoryRoot } from "../../tools/repository.ts";
import { scalePageWith } from "./scale-page.ts";
import { tablesText } from "./tables.ts";

const { values } = parseArgs({ options: { write: { type: "boolean", default: false } } });
const tables = tablesText();
process.stdout.write(`${tables}\n`);
if (values.write) {
  const page = path.join(repositoryRoot, "docs/scale.md");
  writeFileSync(page, await scalePageWith(tables, readFileSync(page, "utf8")));
}
