/** What was measured, as data, as tables for people and as tables of Markdown. */
import type { Measure, Outcome } from "./figure.ts";
import type { Machine } from "./machine.ts";
import type { ScaleName } from "./scale.ts";
import type { Deliveries } from "./session.ts";
import { exponentOf, median } from "./statistics.ts";

export type Spread = { readonly median: number; readonly min: number; readonly max: number };

export type Report = {
  readonly machine: Machine;
  readonly scale: ScaleName;
  readonly tookSeconds: number;
  readonly deliveries: Deliveries;
  readonly figures: readonly FigureReport[];
};

export type FigureReport = {
  readonly name: string;
  readonly title: string;
  readonly measures: readonly MeasureReport[];
  readonly curves: readonly Curve[];
  readonly skipped: readonly string[];
  readonly notes: readonly string[];
};

export type MeasureReport = Pick<Measure, "name" | "unit" | "runs"> &
  Spread & { readonly ratios: Readonly<Record<string, Spread>>; readonly size: number | null };

/** Medians of the measures of one name by size, and how they grow. */
export type Curve = {
  readonly name: string;
  readonly unit: string;
  readonly points: readonly { readonly size: number; readonly value: number }[];
  /** null: there is one size only. */
  readonly exponent: number | null;
};

export function figureReport({ name, title }: { readonly name: string; readonly title: string }, outcome: Outcome): FigureReport {
  const measures = outcome.measures.map(measureReport);
  return { name, title, measures, curves: curvesOf(measures), skipped: outcome.skipped ?? [], notes: outcome.notes ?? [] };
}

function measureReport({ name, unit, runs, ratios = {}, size }: Measure): MeasureReport {
  const spreads = Object.entries(ratios).map(([to, values]) => [to, spreadOf(values)] as const);
  return { name, unit, runs, ...spreadOf(runs), ratios: Object.fromEntries(spreads), size: size ?? null };
}

function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

function curvesOf(measures: readonly MeasureReport[]): readonly Curve[] {
  const sized = measures.flatMap((measure) => (measure.size === null ? [] : [{ ...measure, size: measure.size }]));
  return [...Map.groupBy(sized, ({ name }) => name)].map(([name, own]) => {
    const points = own.map(({ size, median: value }) => ({ size, value }));
    return { name, unit: own[0]?.unit ?? "", points, exponent: points.length < 2 ? null : exponentOf(points) };
  });
}

type Table = { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };

/** One table of what has no size, and one of the curves. */
function tablesOf(figure: FigureReport): readonly Table[] {
  const flat = figure.measures.filter(({ size }) => size === null);
  const ratioNames = [...new Set(flat.flatMap(({ ratios }) => Object.keys(ratios)))];
  const measures: Table = {
    head: ["", "unit", "median", "min", "max", ...ratioNames],
    rows: flat.map(({ name, unit, median: middle, min, max, ratios }) => [
      name,
      unit,
      ...[middle, min, max].map(numberText),
      ...ratioNames.map((to) => (ratios[to] === undefined ? "" : ratioText(ratios[to]))),
    ]),
  };
  const sizes = [...new Set(figure.curves.flatMap(({ points }) => points.map(({ size }) => size)))].toSorted((one, other) => one - other);
  const curves: Table = {
    head: ["", "unit", ...sizes.map((size) => size.toLocaleString("en-US")), "exponent"],
    rows: figure.curves.map(({ name, unit, points, exponent }) => [
      name,
      unit,
      ...sizes.map((size) => numberText(points.find((point) => point.size === size)?.value ?? null)),
      exponent === null ? "" : exponent.toFixed(2),
    ]),
  };
  return [measures, curves].filter(({ rows }) => rows.length > 0);
}

function numberText(value: number | null): string {
  if (value === null) return "";
  if (value >= 100) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(3)));
}

function ratioText({ median: middle, min, max }: Spread): string {
  return `${middle.toFixed(2)} (${min.toFixed(2)} to ${max.toFixed(2)})`;
}

function machineLine({ machine, scale, tookSeconds }: Report): string {
  const { date, watchpost, node, sqlite, system, processor, cores, memoryGb } = machine;
  const parts = [`Watchpost ${watchpost}`, `Node ${node}`, `SQLite ${sqlite}`, system, `${cores} cores of ${processor}`, `${memoryGb} GB`];
  return `${date}, ${parts.join(", ")}; the ${scale} bench, ${Math.round(tookSeconds)} s`;
}

export function textOf(report: Report): string {
  const figures = report.figures.flatMap((figure) => [
    `\n${figure.title}\n`,
    ...tablesOf(figure).map(textTable),
    ...figure.notes.map((note) => `  ${note}`),
    ...figure.skipped.map((skipped) => `  left out: ${skipped}`),
  ]);
  return [machineLine(report), ...figures].join("\n");
}

function textTable({ head, rows }: Table): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  const lines = all.map((row) =>
    row.map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))),
  );
  return lines.map((cells) => `  ${cells.join("  ").trimEnd()}`).join("\n");
}

export function markdownOf(report: Report): string {
  const figures = report.figures.flatMap((figure) => [
    `### ${figure.title}`,
    ...tablesOf(figure).map(markdownTable),
    ...figure.notes,
    ...figure.skipped.map((skipped) => `Left out: ${skipped}.`),
  ]);
  return [`${machineLine(report)}.`, ...figures].join("\n\n");
}

function markdownTable({ head, rows }: Table): string {
  const rule = head.map((_, column) => (column < 2 ? "---" : "---:"));
  return [head, rule, ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}
