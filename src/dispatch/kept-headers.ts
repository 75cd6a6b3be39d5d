/** Which headers of an answer the delivery log keeps: the first that fit, without those that carry a session. */
import type { AnswerHeaders } from "./post.ts";

/** Their values are secrets of the receiver. */
const withheld: readonly string[] = ["set-cookie", "set-cookie2", "authorization", "proxy-authenticate", "www-authenticate"];

/** The headers by lower-case name, several of one name joined; `bytesMax` bounds the characters of names and values. */
export function keptHeaders(headers: AnswerHeaders, bytesMax: number): Readonly<Record<string, string>> {
  const kept: [string, string][] = [];
  let room = bytesMax;
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || withheld.includes(name)) continue;
    const text = typeof value === "string" ? value : value.join(", ");
    room -= name.length + text.length;
    if (room < 0) break;
    kept.push([name, text.replaceAll("\0", "")]);
  }
  return Object.fromEntries(kept);
}
