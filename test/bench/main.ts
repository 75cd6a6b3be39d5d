/**
 * Measures what the program does and what the machine could, and prints tables, or with `--json` one line.
 *
 *     npm run -s bench -- [--quick] [--only engine,latency] [--json] [--out FILE] [--charts FOLDER] [--full-growth] [--write]
 *
 * `--write` puts the tables into docs/performance.md and the charts beside it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { chartsOf } from "./charts.ts";
import type { Figure } from "./figure.ts";
import { figures } from "./figures.ts";
import { measureAll } from "./measure-all.ts";
import { endParts } from "./part.ts";
import { pageWith } from "./performance-page.ts";
import { type Report, textOf } from "./report.ts";
import { fullGrowth } from "./scale.ts";

type Order = {
  readonly chosen: readonly Figure[];
  readonly isQuick: boolean;
  readonly isGrowthFull: boolean;
  readonly isJson: boolean;
  readonly isWritten: boolean;
  /** null: none. */
  readonly out: string | null;
  readonly charts: string | null;
};

const docs = path.resolve(import.meta.dirname, "../../docs");
const order = readOrder();
if (typeof order === "string") {
  process.stderr.write(`bench: ${order}\n`);
  process.exitCode = 2;
} else {
  const ended = endOnSignal();
  try {
    await run(order);
  } catch (error) {
    // Expected: it was ended from outside, and whoever waited for a part was told that it is gone.
    if (ended.by === null) throw error;
    process.stderr.write(`bench: ended by ${ended.by}\n`);
    process.exitCode = 1;
  }
}

/** A signal ends the parts, and so what they belong to: no server of ours is left behind. A second one ends all at once. */
function endOnSignal(): { readonly by: string | null } {
  const ended: { by: string | null } = { by: null };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      ended.by = signal;
      endParts();
    });
  }
  return ended;
}

async function run({ chosen, isQuick, isGrowthFull, isJson, isWritten, out, charts }: Order): Promise<void> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const changed = isGrowthFull ? { growth: fullGrowth } : {};
  const report = await measureAll({ scale: isQuick ? "quick" : "full", figures: chosen, say, changed });
  process.stdout.write(`${isJson ? JSON.stringify(report) : textOf(report)}\n`);
  if (out !== null) writeFileSync(out, `${JSON.stringify(report, null, 2)}\n`);
  if (charts !== null) writeCharts(report, charts);
  if (isWritten) await writePage(report);
}

function writeCharts(report: Report, folder: string): void {
  for (const { file, svg } of chartsOf(report)) writeFileSync(path.join(folder, file), svg);
}

async function writePage(report: Report): Promise<void> {
  const page = path.join(docs, "performance.md");
  writeFileSync(page, await pageWith(report, readFileSync(page, "utf8")));
  writeCharts(report, path.join(docs, "images"));
}

/** What was asked for; a text says what is wrong with it. */
function readOrder(): Order | string {
  try {
    const { values } = parseArgs({
      options: {
        quick: { type: "boolean", default: false },
        only: { type: "string" },
        json: { type: "boolean", default: false },
        out: { type: "string" },
        charts: { type: "string" },
        "full-growth": { type: "boolean", default: false },
        write: { type: "boolean", default: false },
      },
    });
    if (values.write && values.only !== undefined) throw new Error("--write takes all figures, and so does not go with --only");
    return {
      chosen: chosenFigures(values.only),
      isQuick: values.quick,
      isGrowthFull: values["full-growth"],
      isJson: values.json,
      isWritten: values.write,
      out: values.out ?? null,
      charts: values.charts ?? null,
    };
  } catch (error) {
    // Expected: an option or a figure that there is not, or two that contradict each other.
    return error instanceof Error ? error.message : String(error);
  }
}

function chosenFigures(only: string | undefined): readonly Figure[] {
  if (only === undefined) return figures;
  const names = only.split(",");
  const unknown = names.find((name) => !figures.some((figure) => figure.name === name));
  if (unknown !== undefined) throw new Error(`there is no figure ${unknown}; there are ${figures.map(({ name }) => name).join(", ")}`);
  return figures.filter(({ name }) => names.includes(name));
}
