/** Whatever is called in whatever order: what GET shows, what DELETE ends and which changes notify is what the model says. */
import { test } from "node:test";
import fc from "fast-check";
import { WatchModel } from "./watch-model.ts";
import { compareAtEnd, watchCommands } from "./watch-commands.ts";
import { openInThread, openOverHttp } from "./watch-port.ts";
import type { WatchPort } from "./watch-port.ts";

test("any sequence of calls leaves the use cases as the model says", () => holds(openInThread, { numRuns: 100, maxCommands: 80 }));

test("any sequence of calls leaves the server as the model says", { timeout: 120_000 }, () =>
  holds(openOverHttp, { numRuns: 6, maxCommands: 40 }),
);

async function holds(
  open: () => Promise<WatchPort & AsyncDisposable>,
  { numRuns, maxCommands }: { readonly numRuns: number; readonly maxCommands: number },
): Promise<void> {
  const property = fc.asyncProperty(watchCommands({ maxCommands }), async (commands) => {
    await using real = await open();
    const [accountId = ""] = await real.write("Accounts", "insert", [{ Account_Name: "Initech" }]);
    const model = new WatchModel(real.now, accountId);
    await fc.asyncModelRun(() => ({ model, real }), commands);
    await compareAtEnd(model, real);
  });
  await fc.assert(property, { numRuns, endOnFailure: false });
}
