/** Counts the records that requests write, for the feed: each is one change that was committed. */
import type { CommandName, Engine, Input, Output } from "../app/commands.ts";
import type { Feed } from "../observe/feed.ts";

const counts: { readonly [N in CommandName]?: (output: Output<N>) => number } = {
  "records.write": (written) => (written.ok ? written.value.results.filter((result) => result.ok).length : 0),
  "records.upsert": (written) => (written.ok ? written.value.filter((result) => result.ok).length : 0),
  "related.write": (written) =>
    written.ok && written.value.kind === "records" ? written.value.results.filter((result) => result.ok).length : 0,
};

export function countingChanges(engine: Engine, feed: Pick<Feed, "changed">): Engine {
  return {
    run: <N extends CommandName>(name: N, input: Input<N>): Promise<Output<N>> => {
      const running = engine.run(name, input);
      const count: ((output: Output<N>) => number) | undefined = counts[name];
      if (count === undefined) return running;
      return running.then((output) => {
        feed.changed(count(output));
        return output;
      });
    },
    onHint: (listener) => engine.onHint(listener),
    onGathering: (listener) => engine.onGathering(listener),
    close: () => engine.close(),
  };
}
