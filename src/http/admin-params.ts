/** What the endpoints of the admin API read alike. */
import type { Refusal } from "../core/refusal.ts";
import { type Answer, ownError } from "./answer.ts";

export function invalidParameter({ param }: Refusal): Answer {
  const name = param ?? "";
  return ownError(400, { code: "invalid_parameter", message: `The value of the parameter ${name} makes no sense.`, param: name });
}

/** A number of a delivery or a channel; null for what cannot be one. */
export function readNumber(text: string): number | null {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) ? number : null;
}
