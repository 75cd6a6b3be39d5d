import assert from "node:assert/strict";
import { test } from "node:test";
import { StoreFault } from "../store-fault.ts";
import { asFault, isLost, unknownCommit } from "./faults.ts";

function errorOf(code: string, message = "said by the server"): Error {
  return Object.assign(new Error(message), { code });
}

function faultOf(error: Error): StoreFault {
  const fault = asFault(error);
  assert.ok(fault instanceof StoreFault, error.message);
  return fault;
}

test("what passes by itself may be asked again, what an operator has to mend may not", () => {
  for (const code of ["ECONNREFUSED", "ECONNRESET", "08006", "57P01", "57P03", "53300", "53100", "57014", "55P03", "58030"]) {
    assert.ok(faultOf(errorOf(code)).retryable, code);
  }
  for (const code of ["28P01", "3D000", "XX001"]) assert.ok(!faultOf(errorOf(code)).retryable, code);
});

test("a deadlock and a serialization failure are conflicts, a lock that was waited for in vain is none", () => {
  assert.ok(faultOf(errorOf("40P01")).isConflict);
  assert.ok(faultOf(errorOf("40001")).isConflict);
  assert.ok(!faultOf(errorOf("55P03")).isConflict);
});

test("a connection that ended under a statement is lost, also where the driver has no code for it", () => {
  for (const message of ["Connection terminated unexpectedly", "timeout exceeded when trying to connect", "Query read timeout"]) {
    assert.ok(isLost(new Error(message)), message);
    assert.ok(faultOf(new Error(message)).retryable, message);
  }
  assert.ok(!isLost(errorOf("40P01")));
});

test("a mistake of ours is no fault of the store", () => {
  const mistakes = [errorOf("42601"), errorOf("23505"), new Error("invariant broken"), new TypeError("x")];
  for (const error of mistakes) assert.equal(asFault(error), error);
});

test("a commit whose answer was lost is told as one that may have been kept", () => {
  const fault = unknownCommit(faultOf(errorOf("ECONNRESET")));
  assert.match(fault.message, /may have been kept/);
  assert.ok(fault.retryable && !fault.isConflict);
});
