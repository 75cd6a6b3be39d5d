/** Tells the demo's steps: to a person with titles and colour, to a program one line of JSON a step. */
import type { Terminal } from "../terminal.ts";
import type { Exchange } from "./exchange.ts";
import type { Callback } from "./callback.ts";

/** What a step shows besides its title. */
export type Part =
  | { readonly kind: "fact"; readonly text: string }
  | { readonly kind: "exchange"; readonly exchange: Exchange }
  | { readonly kind: "callback"; readonly callback: Callback };

export type StepDone<T> = {
  readonly value: T;
  readonly parts: readonly Part[];
  /** What `--json` prints of the step. */
  readonly facts: Readonly<Record<string, unknown>>;
};

export type Step<T> = { readonly name: string; readonly title: string; readonly act: () => Promise<StepDone<T>> };

export type Narrator = {
  /** Does the step and tells of it; when it fails, says which it was and rejects with a StepFailed. */
  step<T>(step: Step<T>): Promise<T>;
  /** Something to read while a step takes its time. */
  note(text: string): void;
};

/** The step has been told of; whoever catches this has nothing to add. */
export class StepFailed extends Error {
  override readonly name = "StepFailed";
}

export function createNarrator(terminal: Terminal, mode: "text" | "json"): Narrator {
  let stepNumber = 0;

  async function step<T>({ name, title, act }: Step<T>): Promise<T> {
    stepNumber += 1;
    const startedAt = performance.now();
    if (mode === "text") terminal.print(`\n${terminal.style("bold", `${String(stepNumber).padStart(2)}  ${title}`)}`);
    try {
      const { value, parts, facts } = await act();
      const tookMs = Math.round(performance.now() - startedAt);
      if (mode === "json") terminal.print(JSON.stringify({ step: name, ok: true, took_ms: tookMs, ...facts }));
      else tell(parts, tookMs);
      return value;
    } catch (error) {
      // Whatever it is, it is this step that failed.
      const reason = error instanceof Error ? error.message : String(error);
      if (mode === "json") terminal.print(JSON.stringify({ step: name, ok: false, error: reason }));
      else terminal.print(`    ${terminal.style("red", `failed: ${reason}`)}`);
      throw new StepFailed(`the step ${name} failed: ${reason}`, { cause: error });
    }
  }

  function tell(parts: readonly Part[], tookMs: number): void {
    for (const part of parts) for (const line of linesOf(part)) terminal.print(`    ${line}`);
    terminal.print(`    ${terminal.style("green", "done")} ${terminal.style("dim", `in ${String(tookMs)} ms`)}`);
  }

  function linesOf(part: Part): readonly string[] {
    if (part.kind === "fact") return [part.text];
    return part.kind === "exchange" ? exchangeLines(part.exchange) : callbackLines(part.callback);
  }

  function exchangeLines({ method, path, requestBody, status, responseBody }: Exchange): readonly string[] {
    return [
      terminal.style("cyan", `${method} ${path}`),
      ...jsonLines(requestBody),
      terminal.style(status < 300 ? "green" : "red", String(status)),
      ...jsonLines(responseBody),
    ];
  }

  function callbackLines({ method, url, headers, body }: Callback): readonly string[] {
    return [
      terminal.style("yellow", `${method} ${url}`),
      ...Object.entries(headers).map(([name, value]) => terminal.style("dim", `${name}: ${String(value)}`)),
      ...jsonLines(body),
    ];
  }

  function jsonLines(value: unknown): readonly string[] {
    return value === null ? [] : JSON.stringify(value, null, 2).split("\n");
  }

  function note(text: string): void {
    if (mode === "text") terminal.print(`    ${terminal.style("dim", text)}`);
  }

  return { step, note };
}
