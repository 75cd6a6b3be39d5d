/**
 * Runs every test whose services this machine has, two files at a time, and says by name what it left out and why. The closing
 * lines are those of node's own runner. With `CI=true` a test left out is a failure, for then nothing proves it.
 *
 *     node test/support/run-tests.ts [--all] [pattern …]
 *
 * `--all` runs the others too; a pattern is a part of a path, and only the files that match one are run.
 */
import { availableParallelism } from "node:os";
import path from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { isTest, listFiles, repositoryRoot } from "../../tools/repository.ts";
import { findNats } from "./find-nats.ts";
import { findPostgres } from "./find-postgres.ts";

type Skip = { readonly name: string; readonly reason: string };

/** The services that a test says it needs by the ending of its name, and whether this machine has the programs of it. */
const services = [
  { ending: ".pg.test.ts", reason: "needs PostgreSQL, which is not on this machine", isThere: findPostgres() !== null },
  {
    ending: ".nats.test.ts",
    reason: "needs PostgreSQL and nats-server, not both of which are on this machine",
    isThere: findPostgres() !== null && findNats() !== null,
  },
];

/** A test that takes longer has failed; one that says a limit of its own has that. */
const testLimitMs = 180_000;
/** What still runs then is stopped and named as failed, a file whose test has left a process behind among it. */
const runLimitMs = 900_000;

const args = process.argv.slice(2);
const patterns = args.filter((arg) => !arg.startsWith("--"));
const tests = listFiles().filter((file) => isTest(file) && (patterns.length === 0 || patterns.some((pattern) => file.includes(pattern))));
const skips: Skip[] = tests.flatMap((file) => {
  const service = args.includes("--all") ? undefined : services.find(({ ending, isThere }) => !isThere && file.endsWith(ending));
  return service === undefined ? [] : [{ name: file, reason: service.reason }];
});
const skippedFiles = new Set(skips.map((skip) => skip.name));
const files = tests.filter((file) => !skippedFiles.has(file)).map((file) => path.join(repositoryRoot, file));

process.exitCode = files.length === 0 ? 1 : 0;
const limit = AbortSignal.timeout(runLimitMs);
const events = run({
  files,
  concurrency: Math.max(2, availableParallelism()),
  timeout: testLimitMs,
  signal: limit,
  execArgv: ["--disable-warning=ExperimentalWarning"],
});
events.on("test:fail", () => (process.exitCode = 1));
await pipeline(events, withSkips(), new spec(), process.stdout, { end: false });
// oxlint-disable-next-line unicorn/no-process-exit -- a process that a test left behind holds our pipes open, and would for ever
if (limit.aborted) process.exit(1);

/** Puts the names of what was left out right before the closing lines, the first of which says how many tests there were. */
function withSkips(): Transform {
  let isClosing = false;
  return new Transform({
    objectMode: true,
    transform(event: TestEvent, _encoding, done) {
      if (event.type === "test:pass" && event.data.skip !== undefined && event.data.skip !== false) {
        skips.push({ name: `${relative(event.data.file)} › ${event.data.name}`, reason: skipReason(event.data.skip) });
      }
      if (!isClosing && event.type === "test:diagnostic" && event.data.nesting === 0 && /^tests \d+$/.test(event.data.message)) {
        isClosing = true;
        for (const message of skipLines()) this.push({ type: "test:diagnostic", data: { ...event.data, message } });
        if (skips.length > 0 && process.env["CI"] === "true") process.exitCode = 1;
      }
      done(null, event);
    },
  });
}

function skipLines(): readonly string[] {
  if (skips.length === 0) return ["nothing was skipped"];
  const ruling = process.env["CI"] === "true" ? " (with CI=true this is a failure)" : "";
  return [`skipped, by name${ruling}:`, ...skips.map((skip) => `  ${skip.name}: ${skip.reason}`)];
}

function skipReason(skip: string | true): string {
  return skip === true || skip === "" ? "no reason given" : skip;
}

function relative(file: string | undefined): string {
  return file === undefined ? "" : path.relative(repositoryRoot, file);
}

type TestEvent =
  | { readonly type: "test:pass"; readonly data: { readonly name: string; readonly file?: string; readonly skip?: string | boolean } }
  | { readonly type: "test:diagnostic"; readonly data: { readonly nesting: number; readonly message: string } };
