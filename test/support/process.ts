/** The program as people run it: a child process with its own data folder. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { textAt } from "./json.ts";

/** Those of `npm run watchpost`: memory and the cache of compiled code go by them. */
const programFlags = ["--disable-warning=ExperimentalWarning", "--max-semi-space-size=16"];
const entry = fileURLToPath(new URL("../../src/cli/main.js", import.meta.url));

export type Finished = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type SpawnOptions = {
  readonly environment?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** The program's entry; absent: that of this checkout. */
  readonly entry?: string;
};

/** A folder that is removed at the end of the scope. */
export class TemporaryFolder {
  readonly path = mkdtempSync(join(tmpdir(), "watchpost-test-"));

  /** Writes a file into the folder and gives its path. */
  file(name: string, content: unknown): string {
    const path = join(this.path, name);
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
    return path;
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Runs the program to its end. */
export async function runWatchpost(args: readonly string[], options: SpawnOptions = {}): Promise<Finished> {
  return new WatchpostProcess(args, options).finished;
}

export class WatchpostProcess {
  readonly #child: ChildProcess;
  readonly finished: Promise<Finished>;
  readonly #firstLine: Promise<string>;
  #stdout = "";
  #stderr = "";
  #onStdout = (): void => undefined;

  constructor(args: readonly string[], options: SpawnOptions = {}) {
    const child = spawn(process.execPath, [...programFlags, options.entry ?? entry, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...options.environment },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    this.#child = child;
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      this.#stdout += chunk;
      this.#onStdout();
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (this.#stderr += chunk));
    this.finished = once(child, "close").then(() => {
      return { code: child.exitCode, signal: child.signalCode, stdout: this.#stdout, stderr: this.#stderr };
    });
    this.#firstLine = firstLineOf(child.stdout);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** What it has said so far. */
  get stderr(): string {
    return this.#stderr;
  }

  /** The first line of stdout, as soon as it is there; fails when the program ends without one. */
  async firstLine(): Promise<string> {
    const line = await Promise.race([this.#firstLine, this.finished.then(() => null)]);
    assert.ok(line !== null, `the program ended without a line: ${this.#stderr}`);
    return line;
  }

  /** What stdout has said once `part` is in it; fails when the program ends without. */
  async stdoutUntil(part: string): Promise<string> {
    const said = new Promise<void>((resolve) => {
      this.#onStdout = () => {
        if (this.#stdout.includes(part)) resolve();
      };
      this.#onStdout();
    });
    await Promise.race([said, this.finished]);
    assert.ok(this.#stdout.includes(part), `the program ended without ${part}: ${this.#stderr}`);
    return this.#stdout;
  }

  /** Ends the process if it still runs, and waits for its end. */
  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<Finished> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill(signal);
    return this.finished;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}

export type ReadyLine = {
  readonly baseUrl: string;
  readonly accountsUrl: string;
  readonly consoleUrl: string;
  readonly adminToken: string;
};

/** What the one line of `--json` says. */
export function readReadyLine(line: string): ReadyLine {
  const value: unknown = JSON.parse(line);
  assert.deepEqual(Object.keys(Object(value)), ["ready", "base_url", "accounts_url", "console_url", "admin_token"]);
  assert.equal(Reflect.get(Object(value), "ready"), true, line);
  return {
    baseUrl: textAt(value, "base_url"),
    accountsUrl: textAt(value, "accounts_url"),
    consoleUrl: textAt(value, "console_url"),
    adminToken: textAt(value, "admin_token"),
  };
}

/** Starts `watchpost serve` or `dev` on a free port and waits until it is ready. */
export async function startProcess(
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<{ readonly server: WatchpostProcess; readonly ready: ReadyLine }> {
  const server = new WatchpostProcess([...args, "--port", "0", "--json"], options);
  return { server, ready: readReadyLine(await server.firstLine()) };
}

async function firstLineOf(stream: NodeJS.ReadableStream): Promise<string> {
  const [line] = await once(createInterface(stream), "line");
  return String(line);
}
