/** What the checks of a message say, in words. */
import { isJsonObject, parseJson } from "../../api/json.ts";
import type { InboxMessage } from "../../api/server-state.ts";

export type CheckLine = { readonly isGood: boolean; readonly text: string };

const signatureWords: Record<InboxMessage["checks"]["signature"], string> = {
  ok: "The signature is right: it came from Watchpost, unchanged.",
  wrong: "The signature is wrong: the body was changed on the way, or it was made with another secret.",
  absent: "There is no signature. Watchpost signs everything it sends, so this came from somebody else.",
  unknown_channel: "The signature cannot be checked: no channel sends to this address.",
};

const tokenWords: Record<InboxMessage["checks"]["token"], string> = {
  ok: "The token in the body is the channel's.",
  wrong: "The token in the body is not the channel's.",
  absent: "There is no token in the body: the channel has none.",
};

export function checkLines({ checks }: InboxMessage): readonly CheckLine[] {
  return [
    { isGood: checks.signature === "ok", text: signatureWords[checks.signature] },
    { isGood: checks.token !== "wrong", text: tokenWords[checks.token] },
    {
      isGood: !checks.id_seen_before,
      text: checks.id_seen_before ? "Its webhook-id came before: a receiver drops it the second time." : "Its webhook-id is new.",
    },
  ];
}

export function isGood(message: InboxMessage): boolean {
  return checkLines(message).every((line) => line.isGood);
}

/** `Deals update`, or method and path when the body is no notification. */
export function subjectOf(message: InboxMessage): string {
  const body = parseJson(message.body);
  const { module, operation } = isJsonObject(body) ? body : {};
  return typeof module === "string" && typeof operation === "string" ? `${module} ${operation}` : `${message.method} ${message.path}`;
}
