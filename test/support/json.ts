/** Reading a JSON answer of unknown shape in a test: the path says what is expected, and a miss says what was there. */
import assert from "node:assert/strict";

/** The value at `path`; fails when a step is not there. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let current = value;
  for (const step of path) {
    assert.ok(
      typeof current === "object" && current !== null && Object.hasOwn(current, step),
      `no ${path.join(".")} in ${JSON.stringify(value)}`,
    );
    current = Reflect.get(current, step);
  }
  return current;
}

export function textAt(value: unknown, ...path: readonly (string | number)[]): string {
  const found = at(value, ...path);
  assert.ok(typeof found === "string", `${path.join(".")} is ${JSON.stringify(found)}, not a text`);
  return found;
}

export function numberAt(value: unknown, ...path: readonly (string | number)[]): number {
  const found = at(value, ...path);
  assert.ok(typeof found === "number", `${path.join(".")} is ${JSON.stringify(found)}, not a number`);
  return found;
}

export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...path);
  assert.ok(Array.isArray(found), `${path.join(".")} is ${JSON.stringify(found)}, not a list`);
  return found;
}
