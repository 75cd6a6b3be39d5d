import assert from "node:assert/strict";
import { test } from "node:test";
import { migrations } from "./migrations.ts";
import { newestMigration } from "./newest-migration.ts";

test("the newest migration is the last of them", () => {
  assert.equal(newestMigration, Object.keys(migrations).toSorted().at(-1));
});
