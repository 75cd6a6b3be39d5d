import assert from "node:assert/strict";
import { test } from "node:test";
import { scopeWords } from "./scope-words.ts";

const rows = [
  ["ZohoCRM.modules.ALL", "Read, create, change and delete records"],
  ["zohocrm.modules.deals.read", "Read records: deals"],
  ["ZohoCRM.settings.fields.READ", "Read modules, fields and other settings: fields"],
  ["ZohoCRM.notifications.WRITE", "Create and change subscriptions to changes"],
  ["AaaServer.profile.READ", "Read your name and e-mail address"],
  ["ZohoFiles.files.VIEW", "VIEW ZohoFiles.files"],
  ["constructor", "constructor constructor"],
] as const;
for (const [scope, words] of rows) {
  test(`${scope} is told as "${words}"`, () => {
    assert.equal(scopeWords(scope), words);
  });
}
