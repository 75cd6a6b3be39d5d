/**
 * The parts of a bench that run in processes of their own. A part is a file of `parts/` or `peers/` that calls `play` with a table of acts;
 * whoever starts it asks for one act at a time and gets its result. A part ends with whoever started it.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** The acts of a part: what each takes and gives. */
type Acts = { readonly [name: string]: (input: never) => unknown };
type InputOf<A extends Acts, N extends keyof A> = Parameters<A[N]>;
type OutputOf<A extends Acts, N extends keyof A> = Awaited<ReturnType<A[N]>>;

type Asked = { readonly id: number; readonly act: string; readonly input: unknown };
type Told = { readonly id: number; readonly output: unknown } | { readonly id: number; readonly fault: string };

export type PartOptions = { readonly nodeArguments?: readonly string[] };

/** The parts of this process that run. */
const running = new Set<ChildProcess>();

/** Ends every part; whoever waits for an answer of one is told so, and ends what else it has started. */
export function endParts(): void {
  for (const child of running) child.kill("SIGKILL");
}

/** A part, as who started it sees it. */
export class Part<A extends Acts> implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve: (output: unknown) => void; reject: (error: Error) => void }>();
  #asked = 0;

  constructor(file: string, { nodeArguments = [] }: PartOptions = {}) {
    this.#child = fork(new URL(file, import.meta.url), [], {
      serialization: "advanced",
      execArgv: ["--disable-warning=ExperimentalWarning", ...nodeArguments],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    running.add(this.#child);
    this.#child.on("message", (told: Told) => {
      const waiting = this.#waiting.get(told.id);
      this.#waiting.delete(told.id);
      if ("fault" in told) waiting?.reject(new Error(`${file}: ${told.fault}`));
      else waiting?.resolve(told.output);
    });
    this.#child.on("exit", (code, signal) => {
      running.delete(this.#child);
      for (const { reject } of this.#waiting.values()) reject(new Error(`${file} ended with ${String(signal ?? code)}`));
      this.#waiting.clear();
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  ask<N extends keyof A & string>(act: N, ...[input]: InputOf<A, N>): Promise<OutputOf<A, N>> {
    const id = (this.#asked += 1);
    return new Promise<OutputOf<A, N>>((resolve, reject) => {
      // The table of acts ties a name to what it gives.
      this.#waiting.set(id, { resolve: (output) => resolve(output as OutputOf<A, N>), reject });
      this.#child.send({ id, act, input } satisfies Asked, (error) => {
        if (error !== null) reject(error);
      });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill("SIGKILL");
    await once(this.#child, "exit");
  }
}

/** Answers who started this process with these acts, until that one is gone. */
export function play<A extends Acts>(acts: A): A {
  process.on("message", ({ id, act, input }: Asked) => {
    void answer(acts, { id, act, input });
  });
  process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
  return acts;
}

async function answer(acts: Acts, { id, act, input }: Asked): Promise<void> {
  try {
    const output = await acts[act]?.(input as never);
    process.send?.({ id, output } satisfies Told);
  } catch (error) {
    // Whatever it is, who asked has to hear of it.
    process.send?.({ id, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) } satisfies Told);
  }
}
