/** A shell as a reader of a page has it: what one line sets, the next one knows. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import path from "node:path";
import { createInterface } from "node:readline";
import { childEnvironment } from "../../src/cli/child-environment.ts";
import type { TemporaryFolder } from "./process.ts";

/** What a page says, and what stands for it here. */
export type Substitution = readonly [shown: string, used: string];

export class Shell {
  readonly #stateFile: string;
  readonly #cwd: string;
  readonly #substitutions: readonly Substitution[];

  private constructor(stateFile: string, cwd: string, substitutions: readonly Substitution[]) {
    this.#stateFile = stateFile;
    this.#cwd = cwd;
    this.#substitutions = substitutions;
  }

  static in(folder: TemporaryFolder, cwd: string, substitutions: readonly Substitution[] = []): Shell {
    const stateFile = path.join(folder.path, "shell-state");
    writeFileSync(stateFile, "");
    return new Shell(stateFile, cwd, substitutions);
  }

  /** Starts a command in a process group of its own, under the variables that were set. */
  spawn(command: string): ChildProcess {
    const shown = this.#substitutions.reduce((text, [from, to]) => text.replaceAll(from, to), command);
    const script = `set -a; . "$SHELL_STATE"; ${shown}\ncode=$?; cd /; export -p > "$SHELL_STATE"; exit $code`;
    const env = { ...childEnvironment(process.env), SHELL_STATE: this.#stateFile };
    return spawn("sh", ["-c", script], { cwd: this.#cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  }

  /** Runs a command to its end and gives what it printed; fails when its exit code is not 0. */
  async run(command: string): Promise<string> {
    const child = this.spawn(command);
    let stdout = "";
    let stderr = "";
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
    await once(child, "close");
    assert.equal(child.exitCode, 0, `${command}\nended with ${child.exitCode}: ${stdout}${stderr}`);
    return stdout;
  }
}

/** A command that a reader leaves running in a terminal of its own. */
export class BackgroundCommand {
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  readonly #firstLine: Promise<string>;
  #stdout = "";
  #stderr = "";

  constructor(shell: Shell, command: string) {
    const child = shell.spawn(command);
    this.#child = child;
    this.#closed = once(child, "close");
    assert.ok(child.stdout !== null && child.stderr !== null);
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (this.#stdout += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (this.#stderr += chunk));
    this.#firstLine = once(createInterface(child.stdout), "line").then(([line]) => String(line));
  }

  get stdout(): string {
    return this.#stdout;
  }

  /** The first line of stdout, as soon as it is there; fails when the command ends without one. */
  async firstLine(): Promise<string> {
    const line = await Promise.race([this.#firstLine, this.#closed.then(() => null)]);
    assert.ok(line !== null, `the command ended without a line: ${this.#stderr}`);
    return line;
  }

  /** Ends the command with all that it started, and waits for that. */
  async stop(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, "SIGTERM");
    await this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** A port that nobody listened on a moment ago, for a command that has to be told one. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address: AddressInfo | string | null = server.address();
  assert.ok(address !== null && typeof address === "object");
  server.close();
  await once(server, "close");
  return address.port;
}
