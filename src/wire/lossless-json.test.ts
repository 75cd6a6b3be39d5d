import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { limits } from "../core/limits.ts";
import { ok, refuse } from "../core/result.ts";
import { givenAt, isObject, parseJson, parseObject, valueOf } from "./lossless-json.ts";

const malformed = refuse({ code: "body_malformed" });

test("a bare integer that a number would round becomes a bigint", () => {
  assert.deepEqual(parseJson('{"channel_id":2542271027018545353}'), ok({ channel_id: 2542271027018545353n }));
  assert.deepEqual(parseJson("[-9223372036854775808]"), ok([-9223372036854775808n]));
});

test("exact numbers, fractions, exponents and digits within a string stay what they are", () => {
  assert.deepEqual(
    parseJson('[1234567890123456,"2542271027018545353",0.1250000000000000000,1e3]'),
    ok([1234567890123456, "2542271027018545353", 0.125, 1000]),
  );
  assert.deepEqual(parseJson('{"a\\\\":"\\"[[{1234567890123456789"}'), ok({ "a\\": '"[[{1234567890123456789' }));
});

test("an integer longer than any int64 stays a number, so that no request buys a slow conversion", () => {
  assert.deepEqual(parseJson(`[${"9".repeat(400)}]`), ok([Infinity]));
  assert.deepEqual(parseJson(`[${"9".repeat(30)}]`), ok([1e30]));
});

test("what is no JSON is refused", () => {
  for (const text of ["", "{", "nul", "[1,]", '"open', "{'a':1}", "channel_id=1", "\u0000", '{"a":1}}']) {
    assert.deepEqual(parseJson(text), malformed);
  }
});

test("a body nested deeper than the limit is refused, however deep", () => {
  const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
  assert.equal(parseJson(nested(limits.jsonDepthMax)).ok, true);
  assert.deepEqual(parseJson(nested(limits.jsonDepthMax + 1)), malformed);
  assert.deepEqual(parseJson(nested(200_000)), malformed);
});

test("a body has to be an object", () => {
  assert.deepEqual(parseObject('{"watch":[]}'), ok({ watch: [] }));
  for (const text of ["[]", "null", "1", '"x"', ""]) assert.deepEqual(parseObject(text), malformed);
});

test("a key __proto__ changes no prototype, and inherited names are no keys", () => {
  for (const more of ["", ',"b":1234567890123456789']) {
    const parsed = parseObject(`{"__proto__":{"admin":true}${more}}`);
    assert.ok(parsed.ok);
    assert.equal(Object.getPrototypeOf(parsed.value), Object.prototype);
    assert.equal(valueOf(parsed.value, "admin"), undefined);
    assert.equal(valueOf(parsed.value, "constructor"), undefined);
    assert.deepEqual(valueOf(parsed.value, "__proto__"), { admin: true });
  }
});

test("a key that is null is said, but gives nothing", () => {
  assert.equal(valueOf({ token: null }, "token"), null);
  assert.equal(givenAt({ token: null }, "token"), undefined);
  assert.equal(givenAt({ token: false }, "token"), false);
});

test("arrays and null are no objects", () => {
  assert.deepEqual([{}, [], null, "x"].map(isObject), [true, false, false, false]);
});

test("property: whatever JSON.stringify writes is read as JSON.parse reads it", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const text = JSON.stringify(value);
      const exact = JSON.stringify(JSON.parse(text), (_key, part: unknown) =>
        typeof part === "number" && Number.isInteger(part) && !Number.isSafeInteger(part) ? "big" : part,
      );
      const parsed = parseJson(text);
      assert.ok(parsed.ok);
      const read = JSON.stringify(parsed.value, (_key, part: unknown) =>
        typeof part === "bigint" || (typeof part === "number" && Number.isInteger(part) && !Number.isSafeInteger(part)) ? "big" : part,
      );
      assert.equal(read, exact);
    }),
    { numRuns: 60 },
  );
});

test("property: every int64 keeps its digits, wherever it stands", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.string(), (id, key) => {
      const parsed = parseJson(`{${JSON.stringify(key)}:[ ${id} ]}`);
      assert.ok(parsed.ok && isObject(parsed.value));
      const list = valueOf(parsed.value, key);
      assert.ok(Array.isArray(list));
      assert.equal(String(list[0]), String(id));
    }),
    { numRuns: 60 },
  );
});
