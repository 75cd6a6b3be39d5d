/**
 * Measures what the program does and what the machine could, and prints a table, or with `--json` one line.
 *
 *     npm run -s bench -- [--quick] [--only engine,latency] [--json] [--out FILE]
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Figure } from "./figure.ts";
import { figures } from "./figures.ts";
import { measureAll } from "./measure-all.ts";
import { textOf } from "./report.ts";

type Order = { readonly chosen: readonly Figure[]; readonly isQuick: boolean; readonly isJson: boolean; readonly out: string | null };

const order = readOrder();
if (typeof order === "string") {
  process.stderr.write(`bench: ${order}\n`);
  process.exitCode = 2;
} else await run(order);

async function run({ chosen, isQuick, isJson, out }: Order): Promise<void> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const report = await measureAll({ scale: isQuick ? "quick" : "full", figures: chosen, say });
  if (out !== null) writeFileSync(out, `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(`${isJson ? JSON.stringify(report) : textOf(report)}\n`);
}

/** What was asked for; a text says what is wrong with it. */
function readOrder(): Order | string {
  try {
    const { values } = parseArgs({
      options: {
        quick: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        only: { type: "string" },
        out: { type: "string" },
      },
    });
    return { chosen: chosenFigures(values.only), isQuick: values.quick, isJson: values.json, out: values.out ?? null };
  } catch (error) {
    // Expected: an option that there is not, or a figure that there is not.
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
