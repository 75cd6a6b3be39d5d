/** The table of mutations in docs/delivery.md, which `npm run mutate -- --write` makes. */
import type { Mutation } from "./mutation.ts";

export type Caught = {
  /** The number of the invariant that broke. */
  readonly by: string;
  readonly seed: number;
  readonly seconds: number;
};

const begin = "<!-- mutations: made by `npm run mutate -- --write` -->";
const end = "<!-- end of mutations -->";

export function mutationTable(rows: readonly { readonly mutation: Mutation; readonly caught: Caught }[]): string {
  const cells = rows.map(({ mutation, caught }) => [
    `\`${mutation.name}\``,
    mutation.what,
    `\`${caught.by}\``,
    String(caught.seed),
    caught.seconds.toFixed(0),
  ]);
  const all = [["mutation", "what the broken engine does", "caught by", "seed", "seconds"], ...cells];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = all.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`);
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [lines[0], rule, ...lines.slice(1)].join("\n");
}

/** The page with the table in its place. */
export function withMutationTable(page: string, table: string): string {
  const from = page.indexOf(begin);
  const until = page.indexOf(end);
  if (from < 0 || until < from) throw new Error(`docs/delivery.md has no place for the table: ${begin} … ${end}`);
  return `${page.slice(0, from + begin.length)}\n\n${table}\n\n${page.slice(until)}`;
}
