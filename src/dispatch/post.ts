/**
 * One POST, by undici's own callbacks: no stream, no signal and no timer is made for it. The status is the answer; the body is only
 * read for the log, so an answer whose body is too long, too slow or broken off keeps its status.
 *
 * A receiver may close a connection that has been idle just when the POST is on its way over it. Where that is what it looks like
 * (`isStaleConnection`), the same POST is made once more, at once and over a new connection, and its end is the end of both: what
 * happened between two POSTs spends no attempt. The receiver may get the POST twice by this, under one `webhook-id`.
 */
import type { Dispatcher } from "undici";
import { isStaleConnection } from "./metered-socket.ts";
import type { Deadline, Deadlines } from "./deadlines.ts";
import { ExcerptBuffer } from "./response-excerpt.ts";

/** Puts a request on its way; what comes of it, also an error, the handler hears. */
export type Send = (options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) => void;

export type PostRequest = {
  /** Over a connection that may have been used before. */
  readonly send: Send;
  /** Over a new one. */
  readonly sendAfresh: Send;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
};

export type PostBounds = {
  readonly deadlines: Deadlines;
  /** Asked when the request is about to go out, also the second time. */
  readonly mayBegin: () => boolean;
  /** When the exchange is broken off, in ms of the deadlines' clock. */
  readonly deadlineAt: number;
  readonly responseBytesKeptMax: number;
};

/**
 * `headers`: as they came, by lower-case name. `excerpt`: the first bytes of the body as text, null when there are none. `error`: why no answer
 * came.
 */
export type Exchange =
  | { readonly kind: "answered"; readonly status: number; readonly headers: AnswerHeaders; readonly excerpt: string | null }
  | { readonly kind: "failed"; readonly error: unknown };

export type AnswerHeaders = { readonly [name: string]: string | string[] | undefined };

/** The deadline passed before an answer came. */
class AttemptTimeoutError extends Error {
  override readonly name = "AttemptTimeoutError";
  readonly code = "ATTEMPT_TIMEOUT";
}

/** Whoever wanted the POST may not make it any more. */
export class NotHeldError extends Error {
  override readonly name = "NotHeldError";
}

/** Makes the POST; redirects are answers like any other. Never rejects. */
export function post(request: PostRequest, bounds: PostBounds): Promise<Exchange> {
  return new Promise((resolve) => {
    const { send, sendAfresh, path, headers, body } = request;
    const options: Dispatcher.DispatchOptions = { method: "POST", path, headers, body };
    const handler: PostHandler = new PostHandler(bounds, { resolve, again: () => sendAfresh(options, handler) });
    send(options, handler);
  });
}

type PostEnds = { readonly resolve: (exchange: Exchange) => void; readonly again: () => void };

class PostHandler implements Dispatcher.DispatchHandler {
  readonly #bounds: PostBounds;
  readonly #ends: PostEnds;
  readonly #deadline: Deadline;
  readonly #excerpt: ExcerptBuffer;
  /** null until the request is on its socket. */
  #controller: Dispatcher.DispatchController | null = null;
  #isSentAgain = false;
  #isEnded = false;
  /** null until the head of the answer is here. */
  #status: number | null = null;
  #headers: AnswerHeaders = {};

  constructor(bounds: PostBounds, ends: PostEnds) {
    this.#bounds = bounds;
    this.#ends = ends;
    this.#excerpt = new ExcerptBuffer(bounds.responseBytesKeptMax);
    this.#deadline = { atMs: bounds.deadlineAt, onPassed: () => this.#breakOff() };
    bounds.deadlines.add(this.#deadline);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // It waited for a connection past its deadline: it must not be sent any more.
    if (this.#isEnded) controller.abort(new AttemptTimeoutError());
    // It waited for a connection, or comes a second time, and the process was stopped meanwhile.
    else if (!this.#bounds.mayBegin()) controller.abort(new NotHeldError());
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: AnswerHeaders): void {
    // These would hold on to the memory in which the answer came for as long as its body takes.
    controller.rawHeaders = null;
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#excerpt.add(chunk);
  }

  onResponseEnd(): void {
    this.#end(null);
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if (this.#isEnded || this.#isSentAgain || !isStaleConnection(error)) {
      this.#end(error);
      return;
    }
    this.#isSentAgain = true;
    this.#controller = null;
    this.#ends.again();
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
    const { resolve } = this.#ends;
    if (this.#status === null) resolve({ kind: "failed", error });
    else resolve({ kind: "answered", status: this.#status, headers: this.#headers, excerpt: this.#excerpt.text() });
  }
}
