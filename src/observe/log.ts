/** Where the log goes: JSON lines on stderr, so that stdout stays what a command prints. */
import { destination, pino, stdTimeFunctions } from "pino";

export type Logger = {
  readonly [level in "error" | "warn" | "info" | "debug"]: (fields: Readonly<Record<string, unknown>>, message: string) => void;
};

/** A logger that writes lines of at least `level` to stderr, at once, with the time in ISO 8601. */
export function createLogger(level: "silent" | "error" | "warn" | "info" | "debug"): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination({ dest: 2, sync: true }),
  );
}
