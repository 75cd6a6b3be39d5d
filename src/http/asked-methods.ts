/**
 * The methods that requests came with, while the router sees the same for all. A path answers every method, if only with what it has no use for, and
 * the router keeps a tree of paths a method: 33 of them took a tenth of every start.
 */
import type { IncomingMessage } from "node:http";

/** The one that the router sees: it says that no body is to be read, which routes do by themselves. */
export const routedMethod = "GET";

export class AskedMethods {
  readonly #asked = new WeakMap<IncomingMessage, string>();

  /** Before the router sees the request. */
  hide(request: IncomingMessage): void {
    this.#asked.set(request, request.method ?? "");
    request.method = routedMethod;
  }

  /** After it has. */
  restore(request: IncomingMessage): void {
    const asked = this.#asked.get(request);
    if (asked !== undefined) request.method = asked;
  }
}
