/**
 * Computes what docs/scale.md shows, and prints it.
 *
 *     npm run -s scale -- [--write]
 *
 * `--write` puts the tables into the page.
 */
import { parseArgs } from "node:util";
import { writeScalePage } from "./scale-page.ts";
import { tablesText } from "./tables.ts";

const { values } = parseArgs({ options: { write: { type: "boolean", default: false } } });
process.stdout.write(`${tablesText()}\n`);
if (values.write) await writeScalePage();
