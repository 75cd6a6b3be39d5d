import assert from "node:assert/strict";
import { test } from "node:test";
import { Memory } from "./memory.ts";

test("what was noted since a mark is undone, the last first, and what was noted before it stays", () => {
  const memory = new Memory();
  const undone: string[] = [];
  const note = (name: string): void => memory.note(() => undone.push(name));
  note("first");
  const { mark } = memory;
  note("second");
  note("third");
  memory.undoTo(mark);
  assert.deepEqual(undone, ["third", "second"]);
  memory.undoTo(mark);
  assert.deepEqual(undone, ["third", "second"], "once is enough");
  memory.undoTo(0);
  assert.deepEqual(undone, ["third", "second", "first"]);
});

test("what was kept is not undone", () => {
  const memory = new Memory();
  memory.note(() => assert.fail("it was kept"));
  memory.keep();
  assert.equal(memory.mark, 0);
  memory.undoTo(0);
});

test("whatever is undone empties what only spares a look into the database, and nothing else does", () => {
  const memory = new Memory();
  let emptied = 0;
  memory.emptyOnUndo(() => (emptied += 1));
  memory.note(() => undefined);
  memory.keep();
  assert.equal(emptied, 0);
  memory.undoTo(memory.mark);
  assert.equal(emptied, 1);
});
