import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { idBeside, idOf, isZgid, readId, sequenceOf } from "./ids.ts";

const int64Max = 9_223_372_036_854_775_807n;
const int64Min = -9_223_372_036_854_775_808n;
const int64 = fc.bigInt({ min: int64Min, max: int64Max });
const zgids = fc.bigInt({ min: 1n, max: 9_223_372_035n }).map(String);
const sequences = fc.integer({ min: 0, max: 999_999_999 });

test("every int64 is read from its decimal text and from a bigint, digit by digit", () => {
  fc.assert(
    fc.property(int64, (value) => {
      assert.equal(readId(String(value)), String(value));
      assert.equal(readId(value), String(value));
    }),
  );
});

test("a safe integer is read, one that may have been rounded is not", () => {
  fc.assert(fc.property(fc.maxSafeInteger(), (value) => assert.equal(readId(value), String(value))));
  assert.equal(readId(2 ** 53), null);
  assert.equal(readId(1.5), null);
  assert.equal(readId(Number.NaN), null);
});

test("a number outside the int64 range is no id", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: int64Max + 1n, max: int64Max * 100n }), (value) => {
      assert.equal(readId(value), null);
      assert.equal(readId(String(value)), null);
      assert.equal(readId(-value - 1n), null);
    }),
  );
});

test("text that is not all digits is no id", () => {
  fc.assert(
    fc.property(
      fc.string().filter((text) => !/^-?\d+$/.test(text)),
      (text) => assert.equal(readId(text), null),
    ),
  );
  for (const text of ["", " 1", "1 ", "+1", "1e3", "0x10", "1.0", "--1", "١٢"]) assert.equal(readId(text), null);
});

test("a value of any other type is no id", () => {
  for (const value of [null, undefined, true, {}, [], ["1"], Symbol.iterator]) assert.equal(readId(value), null);
});

test("an id of an org is its zgid followed by nine digits of the sequence", () => {
  assert.equal(idOf("4150868000", 2_179), "4150868000000002179");
  assert.equal(idOf("554023000", 125), "554023000000000125");
  fc.assert(
    fc.property(zgids, sequences, (zgid, sequence) => {
      assert.equal(idOf(zgid, sequence), zgid + String(sequence).padStart(9, "0"));
    }),
  );
});

test("every id of every org is an int64", () => {
  fc.assert(fc.property(zgids, sequences, (zgid, sequence) => assert.equal(readId(idOf(zgid, sequence)), idOf(zgid, sequence))));
  assert.equal(readId(idOf("9223372035", 999_999_999)), "9223372035999999999");
});

test("ids of one org order as text as their sequences do", () => {
  fc.assert(
    fc.property(zgids, sequences, sequences, (zgid, one, other) => {
      assert.equal(idOf(zgid, one) < idOf(zgid, other), one < other);
    }),
  );
});

test("a zgid is 1 to 10 digits without a leading zero, and leaves room for an int64", () => {
  fc.assert(fc.property(zgids, (zgid) => assert.equal(isZgid(zgid), true)));
  for (const text of ["", "0", "01", "-1", "9223372036", "12345678901", "12a", " 1"]) assert.equal(isZgid(text), false);
});

test("an id gives back its number, and the id beside it is of the same org", () => {
  fc.assert(
    fc.property(zgids, sequences, sequences, (zgid, sequence, other) => {
      assert.equal(sequenceOf(idOf(zgid, sequence)), sequence);
      assert.equal(idBeside(idOf(zgid, sequence), other), idOf(zgid, other));
    }),
  );
});
