import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseJson } from "./json-text.ts";

test("an integer that a number cannot hold keeps its digits as text", () => {
  assert.deepEqual(parseJson('{"a":9223372036854775807,"b":[-9223372036854775808,1],"c":9007199254740991}'), {
    a: "9223372036854775807",
    b: ["-9223372036854775808", 1],
    c: 9007199254740991,
  });
});

test("digits in a string, fractions and exponents stay what they are", () => {
  const text = String.raw`{"12345678901234567890":"say \"12345678901234567890\"","f":0.12345678901234567,"e":12345678901234567e2}`;
  assert.deepEqual(parseJson(text), JSON.parse(text));
});

test("what is no JSON stays none, whatever digits it has", () => {
  for (const text of ["{12345678901234567890:1}", "012345678901234567890", '"12345678901234567890', ""]) {
    assert.throws(() => parseJson(text), SyntaxError, text);
  }
});

test("JSON without long numbers reads as JSON.parse reads it", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const numbers = JSON.stringify(JSON.parse(text)).match(/\d{16}/);
      fc.pre(numbers === null);
      assert.deepEqual(parseJson(text), JSON.parse(text));
    }),
  );
});

test("a text of megabytes is read without running out of stack", () => {
  const long = "a\\\\".repeat(2_000_000);
  assert.equal((parseJson(`["${long}",12345678901234567890]`) as unknown[])[1], "12345678901234567890");
});
