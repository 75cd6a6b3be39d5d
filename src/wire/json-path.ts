/** A place in a request, as an answer names it: `$.watch[0].token` (PROTOCOL A.6). */
import type { Path } from "../core/refusal.ts";

/** The path's wire form: keys after a dot, indexes in brackets. */
export function writePath(path: Path): string {
  return path.reduce<string>((text, step) => (typeof step === "number" ? `${text}[${step}]` : `${text}.${step}`), "$");
}

/** The key that a refusal names as `api_name`: the last step that is no index (`events` of `$.watch[0].events[2]`); "" when there is none. */
export function lastKey(path: Path): string {
  return path.findLast((step) => typeof step === "string") ?? "";
}
