/**
 * One POST over a pool, by undici's own callbacks: no stream, no signal and no timer is made for it. The status is the answer; the
 * body is only read for the log, so an answer whose body is too long, too slow or broken off keeps its status.
 */
import type { Dispatcher, Pool } from "undici";
import type { Deadline, Deadlines } from "./deadlines.ts";
import { excerptOf } from "./response-excerpt.ts";

export type PostRequest = {
  readonly pool: Pool;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
};

export type PostBounds = {
  readonly deadlines: Deadlines;
  /** When the exchange is broken off, in ms of the deadlines' clock. */
  readonly deadlineAt: number;
  readonly responseBytesReadMax: number;
  readonly responseBytesKeptMax: number;
};

/** `excerpt`: the first bytes of the body as text, null when there are none. `error`: why no answer came. */
export type Exchange =
  | { readonly kind: "answered"; readonly status: number; readonly excerpt: string | null }
  | { readonly kind: "failed"; readonly error: unknown };

/** The deadline passed before an answer came. */
class AttemptTimeoutError extends Error {
  override readonly name = "AttemptTimeoutError";
  readonly code = "ATTEMPT_TIMEOUT";
}

/** Makes the POST; redirects are answers like any other. Never rejects. */
export function post(request: PostRequest, bounds: PostBounds): Promise<Exchange> {
  return new Promise((resolve) => {
    const handler = new PostHandler(bounds, resolve);
    const { pool, path, headers, body } = request;
    pool.dispatch({ method: "POST", path, headers, body }, handler);
  });
}

class PostHandler implements Dispatcher.DispatchHandler {
  readonly #bounds: PostBounds;
  readonly #resolve: (exchange: Exchange) => void;
  readonly #deadline: Deadline;
  /** null until the request is on its socket. */
  #controller: Dispatcher.DispatchController | null = null;
  #isEnded = false;
  /** null until the head of the answer is here. */
  #status: number | null = null;
  readonly #kept: Buffer[] = [];
  #bytesRead = 0;

  constructor(bounds: PostBounds, resolve: (exchange: Exchange) => void) {
    this.#bounds = bounds;
    this.#resolve = resolve;
    this.#deadline = { atMs: bounds.deadlineAt, onPassed: () => this.#breakOff() };
    bounds.deadlines.add(this.#deadline);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // It waited for a connection past its deadline: it must not be sent any more.
    if (this.#isEnded) controller.abort(new AttemptTimeoutError());
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    if (status >= 200) this.#status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    // Kept until the bytes pass the bound, so that the excerpt can tell whether it is cut.
    if (this.#bytesRead <= this.#bounds.responseBytesKeptMax) this.#kept.push(chunk);
    this.#bytesRead += chunk.length;
    if (this.#bytesRead > this.#bounds.responseBytesReadMax) this.#breakOff();
  }

  onResponseEnd(): void {
    this.#end(null);
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.#end(error);
  }

  /** Ends the exchange with what is there and drops the connection, which still has bytes on it. */
  #breakOff(): void {
    const error = new AttemptTimeoutError();
    this.#end(error);
    this.#controller?.abort(error);
  }

  #end(error: Error | null): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#bounds.deadlines.remove(this.#deadline);
    if (this.#status === null) this.#resolve({ kind: "failed", error });
    else this.#resolve({ kind: "answered", status: this.#status, excerpt: excerptOf(this.#kept, this.#bounds.responseBytesKeptMax) });
  }
}
