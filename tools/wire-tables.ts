/**
 * The tables of docs/wire.md that the program's own tables make: the versions, and the refusals but for their last column, which says
 * in words what no table holds. Run as a program it writes them anew (`npm run docs`); a test holds the page to them.
 */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { format, resolveConfig } from "prettier";
import type { RefusalCode } from "../src/core/refusal.ts";
import { refusalCodes, renderRefusal } from "../src/wire/error-codes.ts";
import { type Version, versionNames, versions } from "../src/wire/versions.ts";
import { tableRows } from "./laws.ts";
import { readSource, repositoryRoot } from "./repository.ts";

const page = "docs/wire.md";
const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** The page as the tables make it now. */
export async function renderWirePage(): Promise<string> {
  const source = readSource(page);
  const details = new Map(tableRows(source, "Refusals").map((cells) => [cells[0], cells.at(-1)]));
  const rawDetails = new Map(source.text.split("\n").flatMap((line) => rawDetailsOf(line)));
  const refusals = refusalCodes.map((code) => refusalRow(code, rawDetails.get(code) ?? details.get(code) ?? ""));
  const withVersions = replaceRows(
    source.text,
    "Versions",
    versionNames.map((name) => versionRow(versions[name])),
  );
  const text = replaceRows(withVersions, "Refusals", refusals);
  return format(text, { ...(await resolveConfig(path.join(repositoryRoot, page))), parser: "markdown" });
}

function versionRow(row: Version): string {
  const yesNo = (isTaken: boolean): string => (isTaken ? "yes" : "no");
  return rowOf([
    `\`${row.name}\``,
    `${row.watchFailure.allFailed} / ${row.watchFailure.someFailed}`,
    lengthOf(row.expiryDefaultMs),
    lengthOf(row.expiryMaxMs),
    yesNo(row.takesConditions),
    yesNo(row.takesReturnValues),
    row.listNeedsFields ? "required" : "optional",
    row.rowsWithoutPageToken === null ? "all" : row.rowsWithoutPageToken.toLocaleString("en"),
    row.lookupModule,
  ]);
}

function refusalRow(name: RefusalCode, details: string): string {
  const { body, httpStatus } = renderRefusal({ code: name }, versions.v6);
  const { message } = renderRefusal({ code: name }, versions.v8).body;
  const other = message === body.message ? "" : ` (v8: ${message})`;
  return rowOf([`\`${name}\``, String(httpStatus), `\`${body.code}\``, `${body.message}${other}`, details]);
}

function lengthOf(durationMs: number): string {
  if (durationMs < dayMs) return `${durationMs / hourMs} h`;
  return durationMs === dayMs ? "1 day" : `${durationMs / dayMs} days`;
}

function rowOf(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** The last cell of a row of the table of refusals, as it was written, by the refusal's name. */
function rawDetailsOf(line: string): readonly (readonly [string, string])[] {
  const name = /^\| `(\w+)`/.exec(line)?.[1];
  const cells = line.split(" | ");
  return name === undefined || cells.length !== 5 ? [] : [[name, (cells[4] ?? "").replace(/\s*\|$/, "").trim()]];
}

/** Puts `rows` in place of the rows of the first table under the heading. */
function replaceRows(text: string, heading: string, rows: readonly string[]): string {
  const lines = text.split("\n");
  const from = lines.findIndex((line, index) => index > lines.indexOf(`## ${heading}`) && line.startsWith("| ---"));
  const after = lines.findIndex((line, index) => index > from && !line.startsWith("|"));
  return [...lines.slice(0, from + 1), ...rows, ...lines.slice(after)].join("\n");
}

if (import.meta.main) writeFileSync(path.join(repositoryRoot, page), await renderWirePage());
