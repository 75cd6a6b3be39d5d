/** Two charts of a report, as SVG that is readable in light and in dark. */
import type { FigureReport, MeasureReport, Report } from "./report.ts";

export type Chart = { readonly file: string; readonly svg: string };

const width = 760;
const rowHeight = 30;
const margin = { top: 56, right: 150, bottom: 20, left: 300 } as const;

const style = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .title { font-size: 15px; font-weight: 600; }
  .quiet, .axis { fill: #59636e; }
  .grid { stroke: #d1d9e0; }
  .ours { fill: #0969da; stroke: #0969da; }
  .theirs { fill: #9a6700; stroke: #9a6700; }
  .ceiling { fill: #818b98; stroke: #818b98; }
  .line { fill: none; stroke-width: 2; }
  .ground { fill: #ffffff; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .quiet, .axis { fill: #9198a1; }
    .grid { stroke: #3d444d; }
    .ours { fill: #4493f8; stroke: #4493f8; }
    .theirs { fill: #d29922; stroke: #d29922; }
    .ceiling { fill: #656c76; stroke: #656c76; }
    .line { fill: none; }
    .ground { fill: #0d1117; }
  }
`;

/** Those for which the report has the figures. */
export function chartsOf(report: Report): readonly Chart[] {
  const figureOf = (name: string): FigureReport | undefined => report.figures.find((figure) => figure.name === name);
  const peers = figureOf("peers");
  const latency = figureOf("latency");
  return [
    ...(peers === undefined || peers.measures.length === 0 ? [] : [{ file: "bench-throughput.svg", svg: throughputChart(peers) }]),
    ...(latency === undefined ? [] : [{ file: "bench-latency.svg", svg: latencyChart(latency) }]),
  ];
}

/** A bar for each contender at fan-out 1: its median, its spread as a line, and its share of C1. */
function throughputChart({ measures }: FigureReport): string {
  const rows = measures.filter(({ name }) => name.startsWith("C1") || name.endsWith("fan-out 1"));
  const most = Math.max(...rows.map(({ max }) => max));
  const scale = (value: number): number => ((width - margin.left - margin.right) * value) / most;
  const bars = rows.map((row, index) => {
    const y = margin.top + index * rowHeight;
    const end = margin.left + scale(row.median);
    const kind = row.name.startsWith("C1") ? "ceiling" : row.name.startsWith("engine") ? "ours" : "theirs";
    const share = row.ratios["× C1"];
    const value = `${Math.round(row.median).toLocaleString("en-US")}${share === undefined ? "" : ` (${share.median.toFixed(2)} × C1)`}`;
    return [
      text({ x: margin.left - 10, y: y + 15, anchor: "end" }, row.name.replace(", fan-out 1", "")),
      `<rect class="${kind}" x="${margin.left}" y="${y + 2}" width="${rounded(scale(row.median))}" height="18" rx="2"/>`,
      `<path class="${kind} line" d="M${rounded(margin.left + scale(row.min))} ${y + 24}H${rounded(margin.left + scale(row.max))}"/>`,
      text({ x: rounded(Math.max(end, margin.left + scale(row.max)) + 8), y: y + 15, className: "quiet" }, value),
    ].join("\n");
  });
  const title = "Deliveries a second, one a change: enqueued durably, POSTed, completion recorded";
  return svgOf(
    { title, note: "bar: median; line below it: least to most", height: margin.top + rows.length * rowHeight + margin.bottom },
    bars,
  );
}

const percentiles = ["p50", "p90", "p99", "p99.9"] as const;
const plot = { left: 70, right: 240, top: 70, height: 240 } as const;

/** Where the logarithmic axis begins at the latest: a commit's instant is a whole millisecond, and a wait from it may be 0. */
const leastMs = 0.1;

/** A line for each way over the percentiles, on a logarithmic axis. */
function latencyChart({ measures }: FigureReport): string {
  const ways = ["commit → receiver", "due → API answer"] as const;
  const pointsOf = (way: string): readonly MeasureReport[] =>
    percentiles.flatMap((percentile) => measures.find(({ name }) => name === `${way}, ${percentile}`) ?? []);
  const values = ways.flatMap((way) => pointsOf(way).map(({ median }) => Math.max(median, leastMs)));
  const decades = { from: Math.floor(Math.log10(Math.min(...values))), until: Math.ceil(Math.log10(Math.max(...values))) };
  const y = (value: number): number =>
    plot.top + plot.height * (1 - (Math.log10(Math.max(value, leastMs)) - decades.from) / Math.max(1, decades.until - decades.from));
  const x = (index: number): number => plot.left + 30 + ((width - plot.left - plot.right - 60) * index) / (percentiles.length - 1);
  const grid = Array.from({ length: decades.until - decades.from + 1 }, (_, index) => 10 ** (decades.from + index)).map((value) =>
    [
      `<path class="grid" d="M${plot.left} ${rounded(y(value))}H${width - plot.right}"/>`,
      text({ x: plot.left - 8, y: rounded(y(value)) + 4, anchor: "end", className: "axis" }, `${value} ms`),
    ].join("\n"),
  );
  const names = percentiles.map((name, index) =>
    text({ x: rounded(x(index)), y: plot.top + plot.height + 20, anchor: "middle", className: "axis" }, name),
  );
  const lines = ways.map((way, index) => {
    const points = pointsOf(way);
    const kind = index === 0 ? "ours" : "theirs";
    const path = points.map(({ median }, place) => `${place === 0 ? "M" : "L"}${rounded(x(place))} ${rounded(y(median))}`).join("");
    const dots = points.map(({ median }, place) => `<circle class="${kind}" cx="${rounded(x(place))}" cy="${rounded(y(median))}" r="4"/>`);
    return [`<path class="${kind} line" d="${path}"/>`, ...dots, legend({ way, kind, y: plot.top + 10 + index * 130 }, points)].join("\n");
  });
  const load = measures.find(({ name }) => name === "load")?.median ?? 0;
  const title = `Latency at half load, ${Math.round(load).toLocaleString("en-US")} edits a second on a fixed schedule`;
  return svgOf({ title, note: "medians of the runs", height: plot.top + plot.height + 40 }, [...grid, ...names, ...lines]);
}

/** What the line is, with its values. */
function legend(
  { way, kind, y }: { readonly way: string; readonly kind: string; readonly y: number },
  points: readonly MeasureReport[],
): string {
  const x = width - plot.right + 30;
  const values = points.map(({ name, median }, index) => {
    const value = `${name.slice(way.length + 2)}: ${Number(median.toPrecision(3))} ms`;
    return text({ x: x + 14, y: y + 22 + index * 20, className: "quiet" }, value);
  });
  return [`<circle class="${kind}" cx="${x}" cy="${y - 4}" r="5"/>`, text({ x: x + 14, y }, way), ...values].join("\n");
}

function svgOf(
  { title, note, height }: { readonly title: string; readonly note: string; readonly height: number },
  parts: readonly string[],
): string {
  const head = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>${style}</style>`,
    `<rect class="ground" width="${width}" height="${height}"/>`,
    text({ x: 16, y: 24, className: "title" }, title),
    text({ x: 16, y: 44, className: "quiet" }, note),
  ];
  return `${[...head, ...parts, "</svg>"].join("\n")}\n`;
}

type Place = { readonly x: number; readonly y: number; readonly anchor?: "middle" | "end"; readonly className?: string };

function text({ x, y, anchor, className }: Place, content: string): string {
  const attributes = `${anchor === undefined ? "" : ` text-anchor="${anchor}"`}${className === undefined ? "" : ` class="${className}"`}`;
  return `<text x="${x}" y="${y}"${attributes}>${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
