/** A node of the cluster: the real program under a role, each of its connections through a proxy of its own, started again as a supervisor would. */
import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { WatchpostProcess } from "../support/process.ts";
import type { TcpProxy } from "./tcp-proxy.ts";

export type NodeParts = {
  readonly index: number;
  readonly role: string;
  readonly port: number;
  readonly database: TcpProxy;
  readonly brokers: readonly TcpProxy[];
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly onFault: (fault: string) => void;
};

/** How long a start may take, all its tries together. */
const startLimitMs = 60_000;
/** A drain, and what a database may take that does not answer. */
const endLimitMs = 60_000;
const triedAgainMs = 300;
const logCharsShown = 2_000;

export class ChaosNode {
  readonly #parts: NodeParts;
  #process: WatchpostProcess | null = null;
  readonly #processes: WatchpostProcess[] = [];
  #starts = 0;
  #isToRun = false;

  constructor(parts: NodeParts) {
    this.#parts = parts;
  }

  get index(): number {
    return this.#parts.index;
  }

  get isApi(): boolean {
    return /all|api/.test(this.#parts.role);
  }

  get isDispatching(): boolean {
    return /all|dispatch/.test(this.#parts.role);
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${String(this.#parts.port)}`;
  }

  /** What its POSTs say to come from; another at each start. */
  get host(): string {
    return this.#hostOf(this.#starts);
  }

  /** How often it was started. */
  get starts(): number {
    return this.#starts;
  }

  /** What it was named from its start of that number on. */
  hostsSince(start: number): readonly string[] {
    return Array.from({ length: this.#starts - start + 1 }, (_, index) => this.#hostOf(start + index));
  }

  #hostOf(start: number): string {
    return `node-${String(this.index)}-${String(start)}.test`;
  }

  get database(): TcpProxy {
    return this.#parts.database;
  }

  get brokers(): readonly TcpProxy[] {
    return this.#parts.brokers;
  }

  /** Resolves when it is ready. One that cannot start, for the database is away, is started again. */
  async start(): Promise<void> {
    const { role, port, args, environment, onFault } = this.#parts;
    const untilMs = performance.now() + startLimitMs;
    this.#starts += 1;
    this.#isToRun = true;
    for (;;) {
      const words = ["serve", "--role", role, "--port", String(port), "--public-url", `http://${this.host}`, "--json", ...args];
      const process = new WatchpostProcess(words, { environment });
      this.#process = process;
      this.#processes.push(process);
      const isReady = await process.firstLine().then(
        () => true,
        () => false,
      );
      if (isReady) {
        void process.finished.then(({ code, stderr }) => {
          if (this.#process === process && this.#isToRun) onFault(`${this.host} ended by itself with ${String(code)}: ${tail(stderr)}`);
        });
        return;
      }
      const { stderr } = await process.finished;
      assert.ok(performance.now() < untilMs, `${this.host} does not start: ${tail(stderr)}`);
      if (!/the (database|store).* cannot be (used|reached)/.test(stderr)) onFault(`${this.host} did not start: ${tail(stderr)}`);
      await wait(triedAgainMs);
    }
  }

  async kill(): Promise<void> {
    this.#isToRun = false;
    await this.#process?.kill("SIGKILL");
  }

  /** Kills it, and waits for nothing. */
  abandon(): void {
    this.#process?.signal("SIGKILL");
  }

  /** Tells it to end, and sees that it does so in order. */
  async end(): Promise<void> {
    if (this.#process === null) return;
    this.#isToRun = false;
    const process = this.#process;
    process.signal("SIGTERM");
    const isEnded = await Promise.race([process.finished.then(() => true), wait(endLimitMs, false, { ref: false })]);
    if (!isEnded) this.#parts.onFault(`${this.host} was told to end, and had not ${String(endLimitMs / 1_000)} s later`);
    const { code, stderr } = await process.kill("SIGKILL");
    if (!isEnded) return;
    if (code !== 0) this.#parts.onFault(`${this.host} was told to end, and ended with ${String(code)}: ${tail(stderr)}`);
  }

  standStill(): void {
    this.#process?.signal("SIGSTOP");
  }

  goOn(): void {
    this.#process?.signal("SIGCONT");
  }

  /** The end of what it has logged. */
  async lastWords(): Promise<string> {
    await this.kill();
    const finished = await this.#process?.finished;
    return tail(finished?.stderr ?? "");
  }

  /** All that it has logged, from its first start on. */
  get log(): string {
    return this.#processes.map(({ stderr }) => stderr).join("");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}

function tail(text: string): string {
  return text.slice(-logCharsShown);
}
