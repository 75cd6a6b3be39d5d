import assert from "node:assert/strict";
import { test } from "node:test";
import { databasePlace, readDatabaseUrl } from "./database-url.ts";

const password = "very-secret";

test("a URL of PostgreSQL's that names host and database is taken, its settings with it", () => {
  const given = `postgresql://app:${password}@db.example:6432/watchpost?sslmode=verify-full`;
  assert.deepEqual(readDatabaseUrl(given), { ok: true, value: given });
});

test("what is no such URL is refused without repeating it", () => {
  const wrong = [
    `mysql://app:${password}@db.example/x`,
    `postgres://app:${password}@db.example`,
    `postgres:///x?password=${password}`,
    password,
  ];
  for (const text of wrong) {
    const read = readDatabaseUrl(text);
    assert.ok(!read.ok, text);
    assert.ok(!read.error.includes(password), read.error);
  }
});

test("a password with a sign that a URL has another use for is refused, for a part of it would be taken for the host and be shown", () => {
  for (const sign of ["w@x/y#z", "x/y@z/1", "1/y@z", "x#y"]) {
    assert.ok(!readDatabaseUrl(`postgres://app:${sign}@db.example/watchpost`).ok, sign);
    const written = `postgres://app:${encodeURIComponent(sign)}@db.example/watchpost`;
    assert.deepEqual(readDatabaseUrl(written), { ok: true, value: written });
  }
});

test("people are shown where a database is, and neither user nor password", () => {
  assert.equal(databasePlace(`postgres://app:${password}@db.example:6432/watchpost?options=x`), "db.example:6432/watchpost");
  assert.equal(databasePlace("no url"), "");
});
