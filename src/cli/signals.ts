/**
 * Ctrl-C and `kill`: the first SIGINT or SIGTERM asks for an orderly stop, a second one ends the process at once with 128 and the
 * signal's number, because whoever sends it does not want to wait.
 */
import { constants } from "node:os";

export type StopSignal = "SIGINT" | "SIGTERM";

export type Signals = {
  /** Resolves with the first signal. */
  readonly first: Promise<StopSignal>;
  /** The first signal, once it has come; null before. */
  readonly received: () => StopSignal | null;
  /** From now on `listener` hears of every signal, for those that have a child to pass it on to. */
  readonly forward: (listener: (signal: StopSignal) => void) => void;
  /** Takes the handlers away. */
  readonly release: () => void;
};

const stopSignals = ["SIGINT", "SIGTERM"] as const satisfies readonly StopSignal[];

/** Listens from now on; called before anything is started that has to be stopped. */
export function catchSignals(): Signals {
  const { promise, resolve } = Promise.withResolvers<StopSignal>();
  const listeners: ((signal: StopSignal) => void)[] = [];
  let first: StopSignal | null = null;

  function handle(signal: StopSignal): void {
    for (const listener of listeners) listener(signal);
    if (first !== null) endAtOnce(signal);
    first = signal;
    resolve(signal);
  }

  for (const signal of stopSignals) process.on(signal, handle);
  return {
    first: promise,
    received: () => first,
    forward: (listener) => void listeners.push(listener),
    release: () => {
      for (const signal of stopSignals) process.off(signal, handle);
    },
  };
}

/** The exit code by which a shell tells that a process was ended by this signal. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

function endAtOnce(signal: StopSignal): void {
  // oxlint-disable-next-line unicorn/no-process-exit -- the only place where nothing is released: it was asked for twice
  process.exit(exitCodeOf(signal));
}
