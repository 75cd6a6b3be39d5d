import assert from "node:assert/strict";
import { test } from "node:test";
import { parameterOf } from "./parameters.ts";

test("lists are written as PostgreSQL reads them, with what stands for nothing and what has to be quoted", () => {
  assert.equal(parameterOf([]), "{}");
  assert.equal(parameterOf([1, null, -2]), "{1,NULL,-2}");
  assert.equal(parameterOf([true, false]), "{true,false}");
  assert.equal(parameterOf(["a", "", "NULL", null, "b,{c}"]), '{"a","","NULL",NULL,"b,{c}"}');
  assert.equal(parameterOf(['{"A":"\\u0041"}']), String.raw`{"{\"A\":\"\\u0041\"}"}`);
});

test("a text is quoted alike, whether JSON would quote more of it or not", () => {
  const others = ["\n", "\u001F", "\u{1F600}", "\u2028", "\u007F"];
  for (const other of ["", ...others]) assert.equal(parameterOf([`a"b\\${other}`]), `{"a\\"b\\\\${other}"}`);
});

test("a NUL becomes U+FFFD, alone and in a list; what is no text stays", () => {
  assert.equal(parameterOf("a\0b"), "a\u{FFFD}b");
  assert.equal(parameterOf(["a\0b"]), '{"a\u{FFFD}b"}');
  assert.deepEqual([parameterOf(5), parameterOf(null)], [5, null]);
});

test("a list of anything else is a fault of the program", () => {
  assert.throws(() => parameterOf([{}]), /invariant broken/);
});
