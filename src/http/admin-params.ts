/** What the endpoints of the admin API read alike. */
import { limits } from "../core/limits.ts";
import type { Refusal } from "../core/refusal.ts";
import { type Result, refuse } from "../core/result.ts";
import { type JsonObject, parseObject } from "../wire/lossless-json.ts";
import { type Answer, ownError } from "./answer.ts";
import { readBody } from "./body.ts";
import type { OwnCall } from "./own-surface.ts";

export function invalidParameter({ param }: Refusal): Answer {
  const name = param ?? "";
  return ownError(400, { code: "invalid_parameter", message: `The value of the parameter ${name} makes no sense.`, param: name });
}

/** A number of a delivery or a channel; null for what cannot be one. */
export function readNumber(text: string): number | null {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) ? number : null;
}

/** A body that is not there is an empty object: most of these acts need to be told nothing. */
export async function readObject(raw: OwnCall["raw"]): Promise<Result<JsonObject, Answer>> {
  const body = await readBody(raw, limits.adminBodyBytesMax);
  const object = body.ok ? parseObject(body.value.length === 0 ? "{}" : body.value.toString("utf8")) : body;
  return object.ok ? object : refuse(ownError(400, { code: "invalid_body", message: "The body is to be a JSON object, or nothing." }));
}

export function wrongValue(param: string, expected: string): Answer {
  return ownError(400, { code: "invalid_parameter", message: `The value of ${param} is to be ${expected}.`, param });
}

/** What can only be sent to a channel that is heard. */
export function channelUnheard(): Answer {
  const message = "The channel is paused, disabled, expired or gone. Resume or renew it first.";
  return ownError(409, { code: "channel_unheard", message });
}
