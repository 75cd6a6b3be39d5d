/**
 * Tables for people. On a terminal a table is made to fit: texts are cut, then columns of lesser weight are left out; what one copies
 * (ids, instants, words) is never cut. Without a terminal everything is there.
 */
import type { Style } from "../terminal.ts";
import { cutTo, plainText, widthOf } from "./plain-text.ts";

export type Column<Row> = {
  readonly title: string;
  readonly of: (row: Row) => string;
  /** The style of a cell, from its text; absent: none. */
  readonly style?: (text: string) => Style | null;
  /** Its cells may be cut with `…` when room is scarce. */
  readonly mayBeCut?: boolean;
  /** It may be left out when room is scarce; those furthest to the right go first. */
  readonly mayBeLeftOut?: boolean;
  /** Numbers stand to the right. */
  readonly isNumber?: boolean;
};

export type Frame = {
  /** null: no terminal. */
  readonly columns: number | null;
  readonly style: (style: Style, text: string) => string;
};

const gap = 2;
const cutWidthMin = 12;

type Laid<Row> = { readonly column: Column<Row>; readonly cells: readonly string[]; readonly width: number };

/** The table's lines, its head first. */
export function tableLines<Row>(columns: readonly Column<Row>[], rows: readonly Row[], frame: Frame): readonly string[] {
  const laid = fit(
    columns.map((column) => layOut(column, rows)),
    frame.columns ?? Number.POSITIVE_INFINITY,
  );
  const head = laid.map(({ column, width }) => pad(cutTo(column.title, width), { width, isNumber: column.isNumber === true }));
  const lines = rows.map((_, at) => laid.map((one) => cellOf(one, at, frame)).join(" ".repeat(gap)));
  return [frame.style("dim", head.join(" ".repeat(gap)).trimEnd()), ...lines.map((line) => line.trimEnd())];
}

/** Pairs of a name and a value, one a line, the values below each other; a value that is null is left out. */
export function pairLines(pairs: readonly (readonly [name: string, value: string | null])[], frame: Frame): readonly string[] {
  const shown = pairs.flatMap(([name, value]) => (value === null ? [] : [[name, plainText(value)] as const]));
  const width = Math.max(0, ...shown.map(([name]) => widthOf(name)));
  return shown.map(([name, value]) => `${frame.style("dim", pad(name, { width, isNumber: false }))}  ${value}`.trimEnd());
}

function layOut<Row>(column: Column<Row>, rows: readonly Row[]): Laid<Row> {
  const cells = rows.map((row) => plainText(column.of(row)));
  return { column, cells, width: Math.max(widthOf(column.title), ...cells.map(widthOf)) };
}

function fit<Row>(laid: readonly Laid<Row>[], room: number): readonly Laid<Row>[] {
  const cut = cutWidest(laid, room);
  if (totalOf(cut) <= room) return cut;
  const spare = laid.findLast(({ column }) => column.mayBeLeftOut === true);
  return spare === undefined
    ? cut
    : fit(
        laid.filter((one) => one !== spare),
        room,
      );
}

/** Takes from the widest of the columns that may be cut until they fit, or are as narrow as makes sense. */
function cutWidest<Row>(laid: readonly Laid<Row>[], room: number): readonly Laid<Row>[] {
  const over = totalOf(laid) - room;
  if (over <= 0) return laid;
  const widest = laid
    .filter(({ column, width }) => column.mayBeCut === true && width > cutWidthMin)
    .toSorted((one, other) => other.width - one.width)[0];
  if (widest === undefined) return laid;
  const width = Math.max(cutWidthMin, widest.width - over);
  return cutWidest(
    laid.map((one) => (one === widest ? { ...one, width } : one)),
    room,
  );
}

function totalOf(laid: readonly { readonly width: number }[]): number {
  return laid.reduce((sum, { width }) => sum + width, 0) + gap * Math.max(0, laid.length - 1);
}

function cellOf<Row>({ column, cells, width }: Laid<Row>, at: number, frame: Frame): string {
  const text = cells[at] ?? "";
  const padded = pad(cutTo(text, width), { width, isNumber: column.isNumber === true });
  const style = column.style?.(text) ?? null;
  return style === null ? padded : frame.style(style, padded);
}

function pad(text: string, { width, isNumber }: { readonly width: number; readonly isNumber: boolean }): string {
  const blanks = " ".repeat(Math.max(0, width - widthOf(text)));
  return isNumber ? `${blanks}${text}` : `${text}${blanks}`;
}
