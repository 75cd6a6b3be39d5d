/**
 * The server's stream of events, kept open. When it breaks it is opened again after 1, 2, 4 … 30 seconds, and until then whoever
 * listens is told to ask at intervals instead. Nothing is replayed: after a break everything shown is asked for anew.
 */
export type LiveState = "connecting" | "live" | "polling";

export type StreamSource = {
  readonly on: (name: StreamEventName, take: (data: string) => void) => void;
  readonly onOpen: (take: () => void) => void;
  readonly onBroken: (take: () => void) => void;
  readonly close: () => void;
};

export const streamEventNames = ["delivery", "hint", "stats"] as const;
export type StreamEventName = (typeof streamEventNames)[number];

/** Runs `act` after the time, unless it is called off by what is returned. */
export type StartTimer = (delayMs: number, act: () => void) => () => void;

export type StreamParts = {
  readonly open: () => StreamSource;
  readonly startTimer: StartTimer;
  readonly onState: (state: LiveState) => void;
  /** `data` is what came, parsed; null when it was no JSON. */
  readonly onEvent: (name: StreamEventName, data: unknown) => void;
};

const backoffFirstMs = 1_000;
const backoffMaxMs = 30_000;

/** Opens the stream; what is returned closes it for good. */
export function keepStream(parts: StreamParts): () => void {
  let waitMs = backoffFirstMs;
  let source: StreamSource | null = null;
  let cancelTimer: () => void = () => undefined;
  const open = (): void => {
    const opened = parts.open();
    source = opened;
    opened.onOpen(() => {
      waitMs = backoffFirstMs;
      parts.onState("live");
    });
    opened.onBroken(() => {
      opened.close();
      if (source !== opened) return;
      source = null;
      parts.onState("polling");
      cancelTimer = parts.startTimer(waitMs, open);
      waitMs = Math.min(waitMs * 2, backoffMaxMs);
    });
    for (const name of streamEventNames) opened.on(name, (data) => parts.onEvent(name, parse(data)));
  };
  parts.onState("connecting");
  open();
  return () => {
    cancelTimer();
    source?.close();
    source = null;
  };
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    // Expected of nothing we send; a stream cut in the middle could do it.
    return null;
  }
}
