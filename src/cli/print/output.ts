/** The two ways in which a command answers: one JSON document for a program, or lines for a person. */
import type { Call } from "../tree/command-spec.ts";
import type { Column, Frame } from "./table.ts";
import { pairLines, tableLines } from "./table.ts";

export function frameOf({ screen, terminal }: Call): Frame {
  return { columns: screen.columns, style: terminal.style };
}

/** `document` with `--json`, else what `lines` gives. */
export function answer(call: Call, document: unknown, lines: (frame: Frame) => readonly string[]): void {
  if (call.isJson) return call.terminal.print(JSON.stringify(document));
  for (const line of lines(frameOf(call))) call.terminal.print(line);
}

export type Listing<Row> = {
  /** The key of the rows in the document. */
  readonly key: string;
  readonly rows: readonly Row[];
  readonly nextCursor: string | null;
  readonly columns: readonly Column<Row>[];
  /** What to say instead of a table without rows. */
  readonly nothing: string;
};

/** A list: its document as the admin API has it, or a table. That there is more is told on stderr, so that a pipe gets rows alone. */
export function answerList<Row>(call: Call, { key, rows, nextCursor, columns, nothing }: Listing<Row>): void {
  answer(call, { [key]: rows, next_cursor: nextCursor }, (frame) => (rows.length === 0 ? [nothing] : tableLines(columns, rows, frame)));
  if (!call.isJson && nextCursor !== null) call.terminal.complain("There are more: --limit takes a larger number.");
}

/** One thing: its document, or pairs and further lines. */
export function answerOne(call: Call, document: unknown, pairs: readonly (readonly [name: string, value: string | null])[]): void {
  answer(call, document, (frame) => pairLines(pairs, frame));
}
