/** The generated vectors are what the tables generate, and leave no refusal out. That the server answers so is wire.test.ts's part. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { versionNames, versions } from "../../src/wire/versions.ts";
import { loadVectors } from "../support/vectors.ts";
import { catalogue } from "./catalogue.ts";
import { codeCases, unspokenReason } from "./code-cases.ts";
import { generateCodeVectors } from "./generate.ts";

test("the frozen vectors are what the tables generate, byte for byte", async () => {
  const files = await generateCodeVectors();
  assert.equal(files.size, versionNames.length);
  for (const [path, text] of files) {
    assert.equal(readFileSync(new URL(path, import.meta.url), "utf8"), text, `${path}: run node test/vectors/generate.ts`);
  }
});

test("every refusal has a vector in every version, or a reason for having none", (t) => {
  const shown = new Set(loadVectors().map(({ name, refusal }) => `${name.split("/", 1)[0] ?? ""} ${refusal ?? ""}`));
  for (const code of Object.keys(codeCases) as (keyof typeof codeCases)[]) {
    const silent = versionNames.filter((name) => !shown.has(`${name} ${code}`));
    for (const name of silent) {
      assert.notEqual(unspokenReason(code, versions[name]), null, `${code} in ${name} has neither vector nor reason`);
    }
    if (silent.length > 0) t.diagnostic(`${code} (${silent.join(", ")}): ${codeCases[code].unspoken ?? ""}`);
  }
});

test("every code of the documents stands in a vector, or has a reason for standing in none", () => {
  const shown = new Set(loadVectors().flatMap(({ response }) => codesIn(response.body)));
  for (const [code, reason] of Object.entries(catalogue)) {
    assert.equal(shown.has(code), reason === null, `${code}: ${reason ?? "no vector shows it"}`);
  }
});

/** The codes of an answer: its own, and those of its items. */
function codesIn(body: unknown): readonly string[] {
  if (typeof body !== "object" || body === null) return [];
  const own = "code" in body && typeof body.code === "string" ? [body.code] : [];
  return [...own, ...Object.values(body).flatMap((value) => (Array.isArray(value) ? value.flatMap(codesIn) : []))];
}
