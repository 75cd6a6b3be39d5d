import assert from "node:assert/strict";
import { test } from "node:test";
import { hashPassword, isPassword, isPasswordHash } from "./password.ts";

test("a password is known again by its hash, another is not, and no hash knows none", async () => {
  const hash = await hashPassword("pässword");
  assert.match(hash, /^scrypt\$16384\$8\$5\$[\w-]{22}\$[\w-]{43}$/);
  const checks = [isPassword("pässword", hash), isPassword("pa\u0308ssword", hash), isPassword("Pässword", hash), isPassword("", null)];
  assert.deepEqual(await Promise.all(checks), [true, true, false, false]);
});

test("a hash is kept as it is, and two of one password differ", async () => {
  const [one, other] = await Promise.all([hashPassword("same"), hashPassword("same")]);
  assert.notEqual(one, other);
  assert.equal(await hashPassword(one), one);
});

test("only a whole hash of the strength in use is one", () => {
  const good = `scrypt$16384$8$5$${"a".repeat(22)}$${"b".repeat(43)}`;
  assert.equal(isPasswordHash(good), true);
  for (const text of ["", "scrypt$", good.slice(0, -1), `${good}b`, good.replace("16384", "2"), good.replace("$5$", "$1$")]) {
    assert.equal(isPasswordHash(text), false, text);
  }
});
