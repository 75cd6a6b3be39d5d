/** The colours of words that say how something stands. */
import type { Style } from "../terminal.ts";

const styles: Readonly<Record<string, Style>> = {
  active: "green",
  delivered: "green",
  done: "green",
  ok: "green",
  paused: "yellow",
  waiting: "yellow",
  pending: "yellow",
  claimed: "cyan",
  running: "cyan",
  counting: "cyan",
  warn: "yellow",
  disabled: "red",
  dead: "red",
  fail: "red",
  cancelled: "dim",
};

export function stateStyle(word: string): Style | null {
  return styles[word] ?? null;
}
