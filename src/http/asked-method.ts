/**
 * The method that a request came with, while the router sees the same for all. A path answers every method, if only with what it has no use for, and
 * the router keeps a tree of paths a method: 33 of them took a tenth of every start.
 */
import type { IncomingMessage } from "node:http";

/** The one that the router sees: it says that no body is to be read, which routes do by themselves. */
export const routedMethod = "GET";

const askedMethod = Symbol("the method that was asked for");

type Asking = IncomingMessage & { [askedMethod]?: string | undefined };

/** Before the router sees the request. */
export function hideMethod(request: Asking): void {
  request[askedMethod] = request.method;
  request.method = routedMethod;
}

/** After it has. One that was not hidden stays as it is. */
export function restoreMethod(request: Asking): void {
  const asked = request[askedMethod];
  if (asked !== undefined) request.method = asked;
}
