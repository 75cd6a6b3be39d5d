/** What a call to a server came to when it came to nothing. */
import type { JsonObject } from "../json-text.ts";

export type ApiErrorParts = {
  /**
   * The server's own code, such as `NOT_SUBSCRIBED`, `invalid_parameter` or `invalid_client`; or one of ours: `no_answer` (no connection, or
   * it broke), `timed_out`, `answer_unreadable` (no JSON, too long, or a redirection).
   */
  readonly code: string;
  readonly message: string;
  /** The HTTP status; null when no answer came. */
  readonly status: number | null;
  /** The parameter or key at fault, where the server names one. */
  readonly param?: string | null;
  readonly details?: JsonObject;
  /** How long the server asks to be left alone, in ms. */
  readonly retryAfterMs?: number | null;
  readonly cause?: unknown;
};

/** Secrets and tokens stand in no part of it. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: string;
  readonly status: number | null;
  readonly param: string | null;
  readonly details: JsonObject;
  readonly retryAfterMs: number | null;

  constructor({ code, message, status, param = null, details = {}, retryAfterMs = null, cause }: ApiErrorParts) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
    this.status = status;
    this.param = param;
    this.details = details;
    this.retryAfterMs = retryAfterMs;
  }

  /** The server has understood and said no: the same call will fail again. Otherwise it is trouble that may pass. */
  get isRefusal(): boolean {
    const { status } = this;
    return status !== null && status < 500 && ![408, 425, 429].includes(status) && this.code !== "answer_unreadable";
  }
}
