/** Where a command prints. Colour only where a person looks: on a terminal, and not when NO_COLOR says no. */
import { styleText } from "node:util";

export type Style = "bold" | "dim" | "green" | "red" | "yellow" | "cyan";

export type Terminal = {
  /** A line on stdout. */
  readonly print: (line: string) => void;
  /** A line on stderr. */
  readonly complain: (line: string) => void;
  /** The text in this style, or as it is where there is no colour. */
  readonly style: (style: Style, text: string) => string;
};

/** The process's own stdout and stderr. A reader that goes away early (`| head`) is no fault: what follows is dropped. */
export function processTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", ignoreClosedPipe);
  return {
    print: (line) => void process.stdout.write(`${line}\n`),
    complain: (line) => void process.stderr.write(`${line}\n`),
    style: (style, text) => styleText(style, text, { stream: process.stdout }),
  };
}

function ignoreClosedPipe(error: Error): void {
  const code = "code" in error ? error.code : null;
  if (code !== "EPIPE" && code !== "EIO") throw error;
}
