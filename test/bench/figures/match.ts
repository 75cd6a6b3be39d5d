/** What matching one change costs, as channels grow: the number of those that hear it stays the same. */
import type { Measure, Outcome } from "../figure.ts";
import { Part } from "../part.ts";
import type { MatchActs } from "../parts/match.ts";
import type { Session } from "../session.ts";

export async function measureMatch(session: Session): Promise<Outcome> {
  const { matchChannels, rounds, runMs } = session.scale;
  const measures: Measure[] = [];
  for (const hasConditions of [false, true]) {
    // A part for each, for what a million channels left behind in memory would cost the next thousand.
    await using part = new Part<MatchActs>("./parts/match.ts");
    for (const size of matchChannels) {
      const runs: number[] = [];
      for (let round = 0; round < Math.min(rounds, 3); round += 1) {
        runs.push(await part.ask("match", { channels: size, hasConditions, forMs: runMs / 5 }));
      }
      measures.push({ name: hasConditions ? "match, with conditions" : "match, without conditions", unit: "µs", runs, size });
    }
    session.say(`match ${hasConditions ? "with" : "without"} conditions`);
  }
  return { measures };
}
