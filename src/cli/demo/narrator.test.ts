import assert from "node:assert/strict";
import { test } from "node:test";
import type { Terminal } from "../terminal.ts";
import { createNarrator, StepFailed } from "./narrator.ts";
import type { Step } from "./narrator.ts";

function recording(): { readonly lines: string[]; readonly terminal: Terminal } {
  const lines: string[] = [];
  return { lines, terminal: { print: (line) => void lines.push(line), complain: () => undefined, style: (_style, text) => text } };
}

const good: Step<number> = {
  name: "count",
  title: "Count to one",
  act: async () => ({ value: 1, parts: [{ kind: "fact", text: "one" }], facts: { counted: 1 } }),
};
const bad: Step<never> = { name: "break", title: "Break", act: async () => Promise.reject(new Error("broken")) };

test("for a person a step is its title, what it shows and its time", async () => {
  const { lines, terminal } = recording();
  assert.equal(await createNarrator(terminal, "text").step(good), 1);
  assert.equal(lines[0], "\n 1  Count to one");
  assert.equal(lines[1], "    one");
  assert.match(lines[2] ?? "", /^ {4}done in \d+ ms$/);
});

test("for a program a step is one line of JSON, and notes are none", async () => {
  const { lines, terminal } = recording();
  const narrator = createNarrator(terminal, "json");
  narrator.note("wait");
  await narrator.step(good);
  assert.equal(lines.length, 1);
  const { took_ms: tookMs, ...facts } = JSON.parse(lines[0] ?? "") as Readonly<Record<string, unknown>>;
  assert.equal(typeof tookMs, "number");
  assert.deepEqual(facts, { step: "count", ok: true, counted: 1 });
});

test("a step that fails is told with its name, and ends the demo", async () => {
  const { lines, terminal } = recording();
  await assert.rejects(createNarrator(terminal, "json").step(bad), StepFailed);
  assert.deepEqual(JSON.parse(lines[0] ?? ""), { step: "break", ok: false, error: "broken" });
});
