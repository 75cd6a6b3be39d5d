import assert from "node:assert/strict";
import { test } from "node:test";
import { ExcerptBuffer } from "./response-excerpt.ts";

function excerptOf(chunks: readonly Uint8Array[], bytesMax: number): string | null {
  const excerpt = new ExcerptBuffer(bytesMax);
  for (const chunk of chunks) excerpt.add(chunk);
  return excerpt.text();
}

test("no bytes are no excerpt", () => {
  assert.equal(excerptOf([], 10), null);
  assert.equal(excerptOf([Buffer.alloc(0)], 10), null);
});

test("a short answer is kept whole, also when a character lies across two chunks", () => {
  const bytes = Buffer.from("grün");
  assert.equal(excerptOf([bytes.subarray(0, 3), bytes.subarray(3)], 10), "grün");
  assert.equal(excerptOf([Buffer.from("exact")], 5), "exact");
});

test("a long answer is cut, and a character that the limit cuts in two is left out", () => {
  assert.equal(excerptOf([Buffer.from("abcdef")], 4), "abcd");
  assert.equal(excerptOf([Buffer.from("ab€de")], 4), "ab");
  assert.equal(excerptOf([Buffer.from("ab€de")], 5), "ab€");
  assert.equal(excerptOf([Buffer.from("a🙂b")], 3), "a");
});

test("bytes that are no UTF-8 are replaced and NUL is dropped", () => {
  assert.equal(excerptOf([Buffer.from([0x61, 0xff, 0x62, 0x00, 0x63])], 10), "a\ufffdbc");
  assert.equal(excerptOf([Buffer.from([0x61, 0xff, 0x62, 0x00, 0x63])], 4), "a\ufffdb");
});

test("an answer that comes byte by byte is kept like one that comes at once", () => {
  const bytes = Buffer.from("a long answer, and then some: ".repeat(40));
  for (const bytesMax of [1, 255, 256, 257, 1_000, 4_096]) {
    const single = [...bytes].map((byte) => Uint8Array.of(byte));
    assert.equal(excerptOf(single, bytesMax), bytes.subarray(0, bytesMax).toString("utf8"));
    assert.equal(excerptOf([bytes], bytesMax), bytes.subarray(0, bytesMax).toString("utf8"));
  }
});

test("what is kept is a copy", () => {
  const excerpt = new ExcerptBuffer(10);
  const chunk = Buffer.from("before");
  excerpt.add(chunk);
  chunk.fill("x");
  assert.equal(excerpt.text(), "before");
});
