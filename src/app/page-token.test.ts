import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { limits } from "../core/limits.ts";
import { type PageEdge, readPageToken, writePageToken } from "./page-token.ts";

const edges: fc.Arbitrary<PageEdge> = fc.record({
  side: fc.constantFrom("behind", "before"),
  place: fc.record({ value: fc.oneof(fc.nat(), fc.string()), id: fc.bigInt({ min: 1n, max: 2n ** 63n }).map(String) }),
  page: fc.integer({ min: 1, max: 1_000_000 }),
  rowsBefore: fc.integer({ min: 0, max: limits.rowsWithPageTokenMax - 1 }),
});
const signing = { key: "key", binding: '["a"]' };
const edge: PageEdge = { side: "behind", place: { value: "9", id: "9" }, page: 2, rowsBefore: 200 };
const expiresAt = 1_000;

function errorOf(token: string, now = 0, over: Partial<typeof signing> = {}) {
  const read = readPageToken(token, now, { ...signing, ...over });
  return read.ok ? null : read.error;
}

test("a token is read back, and is made of characters that no query string changes", () => {
  fc.assert(
    fc.property(edges, (written) => {
      const token = writePageToken(written, expiresAt, signing);
      assert.match(token, /^[\w.-]+$/);
      assert.equal(JSON.stringify(readPageToken(token, 0, signing)), JSON.stringify({ ok: true, value: written }));
    }),
  );
});

test("a token of another request, of another key, altered or made up is refused", () => {
  const token = writePageToken(edge, expiresAt, signing);
  const mismatch = { code: "page_token_mismatch", param: "page_token" };
  assert.deepEqual(errorOf(token, 0, { binding: '["b"]' }), mismatch);
  assert.deepEqual(errorOf(token, 0, { key: "other" }), mismatch);
  fc.assert(
    fc.property(fc.string(), fc.nat(token.length), (text, at) => {
      const altered = `${token.slice(0, at)}${text}${token.slice(at + 1)}`;
      fc.pre(altered !== token);
      assert.deepEqual(errorOf(altered), mismatch);
      assert.deepEqual(errorOf(text), mismatch);
    }),
  );
});

test("a token ends at its instant", () => {
  const token = writePageToken(edge, expiresAt, signing);
  assert.equal(errorOf(token, expiresAt - 1), null);
  assert.deepEqual(errorOf(token, expiresAt), { code: "page_token_expired", path: ["query", "page_token"] });
});

test("tokens reach as many rows as the limit says", () => {
  const last = writePageToken({ ...edge, rowsBefore: limits.rowsWithPageTokenMax - 1 }, expiresAt, signing);
  const beyond = writePageToken({ ...edge, rowsBefore: limits.rowsWithPageTokenMax }, expiresAt, signing);
  assert.equal(errorOf(last), null);
  assert.deepEqual(errorOf(beyond), { code: "page_token_limit", param: "page_token" });
});
