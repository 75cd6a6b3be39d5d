/** The mutations apply to the tree as it is, and docs/delivery.md has a row of each. `npm run mutate` shows that the simulation catches them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { tableKeys } from "../../tools/laws.ts";
import { readSource } from "../../tools/repository.ts";
import { edited } from "./mutation.ts";
import { mutations } from "./mutations.ts";

for (const { name, edits } of mutations) {
  test(`the mutation "${name}" still applies`, () => {
    const texts = new Map<string, string>();
    for (const edit of edits) {
      const after = edited(texts.get(edit.file) ?? readSource(edit.file).text, edit);
      assert.notEqual(after, null, `${edit.file} does not have this text exactly once: ${edit.find}`);
      texts.set(edit.file, after ?? "");
    }
  });
}

test("a text that is not there, or is there twice, is told from one that is", () => {
  const edit = { file: "", find: "a", replace: "b" };
  assert.deepEqual([edited("cat", edit), edited("dog", edit), edited("data", edit)], ["cbt", null, null]);
});

test("docs/delivery.md has the mutations that there are, and no others", () => {
  assert.deepEqual(
    tableKeys(readSource("docs/delivery.md"), "Mutations"),
    mutations.map(({ name }) => name),
  );
});
