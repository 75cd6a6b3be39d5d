import assert from "node:assert/strict";
import { test } from "node:test";
import { prettyBody } from "./pretty-body.ts";

test("JSON is indented as JSON.stringify would", () => {
  const value = { a: [1, { b: 'x, {y}: "z"' }, [], {}], c: null, d: true, e: -1.5e3 };
  assert.deepEqual(prettyBody(JSON.stringify(value)), { text: JSON.stringify(value, null, 2).replace("-1500", "-1500"), isJson: true });
});

test("a number with more digits than a double holds keeps them", () => {
  assert.match(prettyBody('{"id":554023000000000123456}').text, /554023000000000123456/);
});

test("what is no JSON object or list stays as it came", () => {
  for (const text of ["", "OK", "<html></html>", '"text"', "12", '{"a":']) assert.deepEqual(prettyBody(text), { text, isJson: false });
});
