import assert from "node:assert/strict";
import { test } from "node:test";
import type { CircuitEvent } from "../core/circuit.ts";
import { type CircuitView, Circuits } from "./circuits.ts";

const failed: CircuitEvent = { kind: "failed", startedAt: 0, askedMs: null };
const succeeded: CircuitEvent = { kind: "succeeded" };

function circuits(circuitsMax = 10): { readonly board: Circuits<string>; readonly turned: readonly CircuitView[] } {
  const turned: CircuitView[] = [];
  const rules = { failuresMax: 2, cooldownMs: 100, cooldownMsMax: 400, jitter: 0, restMsMax: 1_000 };
  const random = { next: () => 0.5 };
  return { board: new Circuits({ kind: "origin", random, rules, circuitsMax, onTurned: (view) => turned.push(view) }), turned };
}

function open(board: Circuits<string>, key: string, now: number): void {
  for (let times = 0; times < 2; times += 1) board.hear(key, failed, now);
}

test("it says when a circuit opens and when it closes, and nothing of the probes between", () => {
  const { board, turned } = circuits();
  open(board, "a", 0);
  board.hear("a", { kind: "begun" }, 100);
  board.hear("a", failed, 150);
  board.hear("a", { kind: "begun" }, 350);
  board.hear("a", succeeded, 360);
  assert.deepEqual(turned, [
    { kind: "origin", key: "a", state: "open", until: 100, failures: 2 },
    { kind: "origin", key: "a", state: "closed", until: null, failures: 0 },
  ]);
});

test("one is let through when its time has come, and the earliest of the others is the next to wait for", () => {
  const { board } = circuits();
  open(board, "a", 0);
  open(board, "b", 50);
  assert.deepEqual([board.admits("a", 99), board.admits("a", 100), board.admits("c", 0)], [false, true, true]);
  assert.deepEqual([board.nextProbeAt(0), board.nextProbeAt(100), board.nextProbeAt(150)], [100, 150, null]);
});

test("it lists those that are not closed and those that have failed, and forgets the quiet ones first", () => {
  const { board } = circuits(3);
  open(board, "a", 0);
  board.hear("b", failed, 0);
  for (const key of ["c", "d", "e"]) board.hear(key, succeeded, 0);
  assert.deepEqual(
    board.views().map(({ key, state, failures }) => [key, state, failures]),
    [["a", "open", 2]],
    "b was closed, and is the one that was not heard of for longest",
  );
  for (const key of ["f", "g", "h"]) open(board, key, 0);
  assert.deepEqual(
    board.views().map(({ key }) => key),
    ["f", "g", "h"],
  );
});
