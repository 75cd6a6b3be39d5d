import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cutTo, plainBlock, plainText, widthOf } from "./plain-text.ts";
import { barText, createProgress } from "./progress.ts";
import type { Column, Frame } from "./table.ts";
import { pairLines, tableLines } from "./table.ts";

type Row = { readonly id: string; readonly url: string; readonly note: string };

const plain: Frame = { columns: null, style: (_, text) => text };
const marked: Frame = { columns: null, style: (style, text) => `<${style}>${text}</>` };
const columns: readonly Column<Row>[] = [
  { title: "ID", of: (row) => row.id, isNumber: true },
  { title: "URL", of: (row) => row.url, mayBeCut: true },
  { title: "NOTE", of: (row) => row.note, mayBeLeftOut: true },
];
const rows: readonly Row[] = [
  { id: "1795410562690001", url: "https://receiver.example/a/long/path/that/goes/on", note: "first" },
  { id: "7", url: "https://b.example/", note: "second" },
];

function fitted(width: number): readonly string[] {
  return tableLines(columns, rows, { ...plain, columns: width });
}

test("without a terminal a table has everything, in columns", () => {
  assert.deepEqual(tableLines(columns, rows, plain), [
    "              ID  URL                                                NOTE",
    "1795410562690001  https://receiver.example/a/long/path/that/goes/on  first",
    "               7  https://b.example/                                 second",
  ]);
});

test("on a narrow terminal an address is cut, and no line is wider than the terminal", () => {
  const lines = fitted(60);
  assert.ok(lines.every((line) => widthOf(line) <= 60));
  assert.match(lines[1] ?? "", /^1795410562690001 {2}https:\/\/receiver\.example\/.*… {2}first$/);
});

test("on a narrower one columns of lesser weight go, and an id never does", () => {
  const lines = fitted(34);
  assert.ok(lines.every((line) => widthOf(line) <= 34));
  assert.ok(!lines.join("\n").includes("first"));
  assert.ok(fitted(5).join("\n").includes("1795410562690001"));
});

test("a cell is coloured in its whole width, so that colours do not shift the columns", () => {
  const styled: readonly Column<Row>[] = [{ title: "STATE", of: (row) => row.note, style: (text) => (text === "first" ? "green" : null) }];
  assert.deepEqual(tableLines(styled, rows, marked), ["<dim>STATE</>", "<green>first </>", "second"]);
});

test("pairs stand below each other, and one without a value is left out", () => {
  const pairs = [
    ["id", "1"],
    ["webhook-id", "msg_1"],
    ["due", null],
  ] as const;
  assert.deepEqual(pairLines(pairs, plain), ["id          1", "webhook-id  msg_1"]);
});

describe("what strangers wrote", () => {
  test("is shown, and nothing of it is obeyed by the terminal", () => {
    assert.equal(plainText("a\u001B[2Jb\u0007\u009Bc\u202Ed"), "a\\u001b[2Jb\\u0007\\u009bc\\u202ed");
    assert.equal(plainText("one\ntwo\tthree"), "one\u240Atwo three");
    assert.deepEqual(plainBlock("one\r\ntwo\u001B"), ["one", "two\\u001b"]);
    const [, line = ""] = tableLines([{ title: "X", of: () => "\u001B[31mred" }], [{}], plain);
    assert.ok(!line.includes("\u001B"));
  });

  test("is measured and cut by what a terminal draws", () => {
    assert.equal(widthOf("取引先"), 6);
    assert.equal(widthOf("e\u0301"), 1);
    assert.equal(widthOf("👩‍💻"), 2);
    assert.equal(cutTo("取引先", 4), "取…");
    assert.equal(cutTo("abc", 3), "abc");
  });
});

describe("progress", () => {
  test("says how much of how much", () => {
    assert.equal(barText("copying", 1_500, 3_000), "copying  [############            ]  50 %  1,500 of 3,000");
    assert.equal(barText("copying", 5, null), "copying  5");
    assert.match(barText("copying", 0, 0), /100 %/);
    assert.match(barText("copying", 9, 5), /100 %/);
  });

  test("is written over itself and taken away once, and elsewhere it is nothing", () => {
    const said: string[] = [];
    const progress = createProgress({ columns: 80, overwrite: (text) => said.push(text) }, "x");
    progress.update(1, 2);
    progress.update(1, 2);
    progress.end();
    progress.end();
    assert.equal(said.length, 2);
    assert.equal(said[1], "");
    createProgress({ columns: null, overwrite: null }, "x").update(1, 2);
  });
});
