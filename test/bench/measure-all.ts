/** Measures one figure after another, in one sitting. */
import type { Figure } from "./figure.ts";
import { describeMachine } from "./machine.ts";
import { type FigureReport, type Report, figureReport } from "./report.ts";
import { type Scale, type ScaleName, scales } from "./scale.ts";
import { Session } from "./session.ts";

export type BenchOrder = {
  readonly scale: ScaleName;
  readonly figures: readonly Figure[];
  /** Hears how far it is. */
  readonly say: (line: string) => void;
  /** In place of what the scale says. */
  readonly changed?: Partial<Scale>;
};

export async function measureAll({ scale, figures, say, changed }: BenchOrder): Promise<Report> {
  const startedMs = performance.now();
  await using session = await Session.open({ ...scales[scale], ...changed }, say);
  const reports: FigureReport[] = [];
  for (const figure of figures) {
    say(`${figure.title} …`);
    reports.push(figureReport(figure, await figure.run(session)));
  }
  const tookSeconds = (performance.now() - startedMs) / 1_000;
  return { machine: describeMachine(), scale, tookSeconds, deliveries: session.deliveries, figures: reports };
}
