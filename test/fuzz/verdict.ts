/** What an answer must be, whatever was asked. */
import { routes } from "../../src/http/route-table.ts";
import type { FuzzRequest } from "./requests.ts";
import type { Came } from "./transport.ts";

/** Paths that people look at in a browser, and the one that Prometheus reads as text. */
const pagePaths: ReadonlySet<string> = new Set(["/oauth/v2/auth", "/docs", "/console", "/metrics"]);
const insideText = /node_modules|\.ts:\d|SQLITE_|(?:Type|Range|Reference|Syntax)Error|at [\w.]+ \(|invariant broken/;

/** What is wrong with the answer; null when nothing is. */
export function faultOf(request: FuzzRequest, came: Came): string | null {
  if (came.kind === "silence") return "no answer came in time";
  if (came.kind === "ended") return mayEnd(request) ? null : `no answer came: ${came.reason}`;
  const { status, headers, text } = came;
  // One who is told to come again later was not let down: passwords are checked few at a time.
  if (status >= 500 && !(status === 503 && headers.has("retry-after"))) return `status ${status}`;
  if (status < 200) return `status ${status} is no answer`;
  if (request.method === "HEAD") return null;
  if (insideText.test(text)) return "the inside shows";
  const isCoded = (headers.get("content-encoding") ?? "identity") !== "identity";
  if (isCoded) return acceptsCoding(request) ? null : "coded though nobody asked";
  const type = headers.get("content-type") ?? "";
  if (text === "") return status === 204 || status === 304 || status === 302 || status === 303 ? null : `status ${status} without a body`;
  if (status === 204 || status === 304) return `status ${status} with a body`;
  if (!type.startsWith("application/json")) return isPage(request) ? null : `not JSON but ${type === "" ? "of no type" : type}`;
  return jsonFaultOf(request, status, text);
}

function jsonFaultOf(request: FuzzRequest, status: number, text: string): string | null {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    // Says JSON and is none: that is the finding.
    return "it says JSON and is none";
  }
  if (request.spot.surface !== "crm" || !request.target.startsWith("/crm/") || status < 400) return null;
  if (mayEnd(request) && isOwnError(body)) return null;
  const items = itemsOf(body);
  return items.length > 0 && items.every(isWellFormed) ? null : `a refusal out of form: ${text.slice(0, 200)}`;
}

/** The refusal itself, or those that a wrapper holds. */
function itemsOf(body: unknown): readonly unknown[] {
  if (typeof body !== "object" || body === null) return [];
  if (Object.hasOwn(body, "code")) return [body];
  const [only] = Object.values(body);
  return Array.isArray(only) ? only : [];
}

function isWellFormed(item: unknown): boolean {
  if (typeof item !== "object" || item === null) return false;
  const { code, details, message, status } = item as Record<string, unknown>;
  return typeof code === "string" && typeof message === "string" && isObject(details) && (status === "error" || status === "success");
}

/** What is no HTTP request that can be read is answered before anyone knows whose path it is: `{"error":{code,message}}`. */
function isOwnError(body: unknown): boolean {
  return isObject(body) && isObject(Reflect.get(Object(body), "error"));
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The server may hang up on bytes that are no whole request, and on a body that it did not want to read. */
function mayEnd({ raw, body, headers }: FuzzRequest): boolean {
  return raw !== null || (body?.length ?? 0) > 1_000_000 || headers.some(([name]) => name === "Upgrade" || name === "X-Too-Long");
}

function acceptsCoding({ headers }: FuzzRequest): boolean {
  return headers.some(([name]) => name === "Accept-Encoding");
}

function isPage({ target, spot }: FuzzRequest): boolean {
  const path = target.split("?", 1)[0] ?? "";
  return pagePaths.has(spot.path) || [...pagePaths].some((page) => path.toLowerCase().startsWith(page));
}

/** Whether every page path is a route: one that is gone would hide what is wrong elsewhere. */
export function knowsItsPages(): boolean {
  return [...pagePaths].every((page) => routes.some(({ path }) => path === page));
}
