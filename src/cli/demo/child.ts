/** A child process that speaks in lines of JSON: the demo's server and its receiver. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export type Child = {
  /** The next line it printed; rejects when it ends, or says nothing for `waitMs`. */
  nextLine(waitMs: number): Promise<unknown>;
  /** How many lines have come that nobody asked for yet. */
  unreadLines(): number;
  /** The end of what it wrote on stderr. */
  complaints(): string;
  /** Asks it to end; gives its exit code, null when it had to be killed. Twice is fine. */
  stop(): Promise<number | null>;
};

export type ChildPlan = {
  /** For messages. */
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
};

const complaintCharsMax = 4_000;
const stopMs = 25_000;

/** Starts `script` with the node that runs us. */
export function startChild({ name, script, args, environment }: ChildPlan): Child {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", script, ...args], {
    stdio: ["pipe", "pipe", "pipe"],
    env: environment,
  });
  const lines: string[] = [];
  let complaint = "";
  let wake = (): void => undefined;
  const ended = Promise.withResolvers<number | null>();
  let hasEnded = false;

  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    wake();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = `${complaint}${text}`.slice(-complaintCharsMax);
  });
  child.stdin.on("error", () => undefined);
  child.once("error", () => end(null));
  // "close" comes after the last line has been read, "exit" may come before.
  child.once("close", (code) => end(code));

  function end(code: number | null): void {
    hasEnded = true;
    ended.resolve(code);
    wake();
  }

  async function nextLine(waitMs: number): Promise<unknown> {
    if (lines.length === 0 && !hasEnded) await woken(waitMs);
    const line = lines.shift();
    if (line !== undefined) return JSON.parse(line) as unknown;
    throw new Error(hasEnded ? `${name} has ended` : `${name} said nothing for ${String(waitMs / 1_000)} s`);
  }

  async function woken(waitMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    wake = resolve;
    const timer = setTimeout(resolve, waitMs);
    await promise;
    clearTimeout(timer);
  }

  async function stop(): Promise<number | null> {
    if (!hasEnded) child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), stopMs);
    const code = await ended.promise;
    clearTimeout(timer);
    return code;
  }

  return { nextLine, unreadLines: () => lines.length, complaints: () => complaint, stop };
}
