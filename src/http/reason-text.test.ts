import assert from "node:assert/strict";
import { test } from "node:test";
import { reasons } from "../core/explain.ts";
import { reasonText } from "./reason-text.ts";

const leaf = (apiName: string, isMet: boolean) => ({ kind: "field", field: { apiName, id: "1" }, isMet }) as const;

test("every reason has a sentence of its own", () => {
  const texts = reasons.map((reason) => reasonText({ reason, condition: null, module: "Deals", isRelated: false, expiresAt: 0 }));
  assert.equal(new Set(texts).size, reasons.length);
  for (const text of texts) assert.match(text, /^[A-Z].*\.$/);
});

test("a condition that was not met names the fields that the write did not change, each once", () => {
  const members = [leaf("Stage", true), leaf("Amount", false), leaf("Amount", false)];
  const condition = { kind: "group", operator: "and", isMet: false, members } as const;
  const text = reasonText({ reason: "condition_not_met", condition, module: "Deals", isRelated: false, expiresAt: 0 });
  assert.equal(text, "The channel's condition was not met: the write did not change Amount.");
});
