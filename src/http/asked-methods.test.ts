import assert from "node:assert/strict";
import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { test } from "node:test";
import { AskedMethods, routedMethod } from "./asked-methods.ts";

test("a request is asked for by one method for all, and has its own again afterwards", () => {
  const methods = new AskedMethods();
  const request = new IncomingMessage(new Socket());
  request.method = "DELETE";
  methods.hide(request);
  assert.equal(request.method, routedMethod);
  methods.restore(request);
  assert.equal(request.method, "DELETE");
});
