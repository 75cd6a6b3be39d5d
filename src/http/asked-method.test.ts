import assert from "node:assert/strict";
import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { test } from "node:test";
import { hideMethod, restoreMethod, routedMethod } from "./asked-method.ts";

test("a request is asked for by one method for all, and has its own again afterwards", () => {
  const request = new IncomingMessage(new Socket());
  request.method = "DELETE";
  restoreMethod(request);
  assert.equal(request.method, "DELETE");
  hideMethod(request);
  assert.equal(request.method, routedMethod);
  restoreMethod(request);
  assert.equal(request.method, "DELETE");
});
