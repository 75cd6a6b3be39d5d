import assert from "node:assert/strict";
import { test } from "node:test";
import { metadataWritesFromVersion, versionNamed, versionNames, versions, watchItemKeys } from "./versions.ts";
import type { Version } from "./versions.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

test("each version has the row of its own name, and nothing else is a version", () => {
  for (const name of versionNames) assert.equal(versionNamed(name)?.name, name);
  for (const name of ["v1", "v9", "V6", "v2.0", "", "constructor", "toString"]) assert.equal(versionNamed(name), undefined, name);
});

test("the default and the longest expiry change with v4 (DESIGN ruling 3)", () => {
  for (const name of ["v2", "v2.1", "v3"] as const) {
    assert.deepEqual([versions[name].expiryDefaultMs, versions[name].expiryMaxMs], [2 * hourMs, dayMs], name);
  }
  for (const name of ["v4", "v5", "v6", "v7", "v8"] as const) {
    assert.deepEqual([versions[name].expiryDefaultMs, versions[name].expiryMaxMs], [hourMs, 7 * dayMs], name);
  }
});

test("items that fail are 202 up to v4 and 400 from v5, where a mixed answer is 207 (DESIGN ruling 2)", () => {
  for (const name of ["v2", "v2.1", "v3", "v4"] as const) {
    assert.deepEqual(versions[name].watchFailure, { allFailed: 202, someFailed: 202 }, name);
  }
  for (const name of ["v5", "v6", "v7", "v8"] as const) {
    assert.deepEqual(versions[name].watchFailure, { allFailed: 400, someFailed: 207 }, name);
  }
});

test("conditions begin with v6, values with v3, and rows print what their version knows (PROTOCOL G)", () => {
  assert.deepEqual(
    versionNames.filter((name) => versions[name].takesConditions),
    ["v6", "v7", "v8"],
  );
  for (const name of versionNames) {
    const { watchRowKeys, takesConditions, takesReturnValues } = versions[name];
    assert.equal(watchRowKeys.includes("notification_condition"), takesConditions, name);
    assert.equal(watchRowKeys.includes("return_affected_field_values"), takesReturnValues, name);
  }
});

test("a lookup names its module by text in v2 and v2.1 alone (CLIENTS 4)", () => {
  assert.deepEqual(
    versionNames.filter((name) => versions[name].lookupModule === "name"),
    ["v2", "v2.1"],
  );
});

test("an item of watch is understood key by key: values from v3, conditions from v6 (SDK2.1, D3, S6)", () => {
  const unknown = (name: (typeof versionNames)[number]) => watchItemKeys.filter((key) => !versions[name].watchItemKeys.includes(key));
  for (const name of ["v2", "v2.1"] as const) {
    assert.deepEqual(unknown(name), ["return_affected_field_values", "notification_condition"], name);
  }
  for (const name of ["v3", "v4", "v5"] as const) assert.deepEqual(unknown(name), ["notification_condition"], name);
  for (const name of ["v6", "v7", "v8"] as const) assert.deepEqual(unknown(name), [], name);
});

test("the metadata changes its forms where the models of the SDKs do (CLIENTS 4)", () => {
  const named = (isWanted: (version: Version) => boolean) => versionNames.filter((name) => isWanted(versions[name]));
  assert.deepEqual(
    named(({ forecastCategory }) => forecastCategory === "id"),
    ["v2", "v2.1"],
  );
  assert.deepEqual(
    named(({ layoutStatus }) => layoutStatus === "number"),
    ["v2", "v2.1"],
  );
  assert.deepEqual(
    named(({ tabTraversal }) => tabTraversal === "number"),
    ["v2", "v2.1", "v3", "v4", "v5"],
  );
  assert.deepEqual(
    named(({ subformKeys }) => subformKeys.includes("subform")),
    ["v2", "v2.1", "v3", "v4", "v5"],
  );
  assert.deepEqual(
    named(({ subformKeys }) => !subformKeys.includes("associated_module")),
    ["v2", "v2.1"],
  );
  assert.deepEqual(
    named(({ linkingModule }) => linkingModule === "linking_details"),
    ["v8"],
  );
  assert.deepEqual(
    named(({ hasNewFieldKeys }) => hasNewFieldKeys),
    ["v8"],
  );
});

test("custom fields and modules are written from v6 on, which is the number that a refusal tells (O26)", () => {
  assert.deepEqual(
    versionNames.filter((name) => versions[name].writesMetadata),
    ["v6", "v7", "v8"],
  );
  assert.equal(versions[`v${metadataWritesFromVersion}` as "v6"].writesMetadata, true);
});
