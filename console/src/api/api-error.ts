/** A request that came to nothing, and what to do about it in plain words. */
import { isJsonList, isJsonObject, parseJson } from "./json.ts";

export type ApiFault = {
  /** The HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly param?: string | undefined;
};

export class ApiError extends Error {
  readonly fault: ApiFault;

  constructor(fault: ApiFault, options?: ErrorOptions) {
    super(fault.message, options);
    this.name = "ApiError";
    this.fault = fault;
  }
}

/** Reads both forms of an error: our own `{"error":{…}}`, and the CRM's `{"code","message"}` alone or as the first item of a list. */
export function readErrorBody(text: string, status: number): ApiError {
  const body = parseJson(text);
  const object = isJsonObject(body) ? body : {};
  const own = object["error"];
  const item = Object.values(object).flatMap((value) => (isJsonList(value) ? value : []))[0];
  const error = isJsonObject(own) ? own : isJsonObject(item) ? item : object;
  const code = typeof error["code"] === "string" ? error["code"] : `http_${status}`;
  const message = typeof error["message"] === "string" ? error["message"] : `The server answered ${status}.`;
  const details = error["details"];
  const apiName = isJsonObject(details) ? details["api_name"] : undefined;
  const param = typeof error["param"] === "string" ? error["param"] : typeof apiName === "string" ? apiName : undefined;
  return new ApiError({ status, code, message, param });
}

/** What a person can do about the error. */
export function adviceFor(error: unknown): string {
  const fault = error instanceof ApiError ? error.fault : null;
  if (fault === null) return "This is a fault of the console. Load the page again; if it comes back, report it.";
  if (fault.status === 0) return "Check that Watchpost is running. The console tries again by itself.";
  if (fault.status === 401) return "Sign in again.";
  if (fault.status === 403 && fault.code === "clock_not_virtual") return "Start watchpost dev to get a clock that can be moved.";
  if (fault.status === 403) return "Load the page again to renew the session. If it stays, the session may not do this.";
  if (fault.status === 404) return "It may have been removed since: look at the list again.";
  if (fault.status === 409) return "Something changed meanwhile. Look at it as it is now, then decide again.";
  if (fault.status === 429 || fault.status === 503) return "The server is busy. Wait a moment and try again.";
  if (fault.status >= 500) return "The cause is in the server's log. Try again; if it stays, look there.";
  return fault.param === undefined ? "Correct what you asked for and try again." : `Correct ${fault.param} and try again.`;
}

export function messageOf(error: unknown): string {
  if (error instanceof ApiError) {
    const { message, param } = error.fault;
    return param === undefined || message.includes(param) ? message : `${param}: ${message}`;
  }
  return error instanceof Error ? error.message : String(error);
}
