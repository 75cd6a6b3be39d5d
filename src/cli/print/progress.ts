/** A bar on stderr while long work goes on, where a person looks; elsewhere nothing. */
import type { Screen } from "./screen.ts";

export type Progress = {
  /** `total` null: not known yet. */
  update(done: number, total: number | null): void;
  /** Takes the bar away. Twice is fine. */
  end(): void;
};

const barColumns = 24;

export function createProgress(screen: Screen, label: string): Progress {
  const { overwrite } = screen;
  let shown = "";
  return {
    update(done, total) {
      const text = barText(label, done, total);
      if (text === shown) return;
      shown = text;
      overwrite?.(text);
    },
    end() {
      if (shown === "") return;
      shown = "";
      overwrite?.("");
    },
  };
}

/** `copying  [#####     ]  42 %  420 of 1,000`. */
export function barText(label: string, done: number, total: number | null): string {
  if (total === null) return `${label}  ${grouped(done)}`;
  const part = total === 0 ? 1 : Math.min(1, done / total);
  const filled = Math.floor(part * barColumns);
  const bar = `${"#".repeat(filled)}${" ".repeat(barColumns - filled)}`;
  return `${label}  [${bar}] ${String(Math.floor(part * 100)).padStart(3)} %  ${grouped(done)} of ${grouped(total)}`;
}

function grouped(count: number): string {
  return count.toLocaleString("en");
}
