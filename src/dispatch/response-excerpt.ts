/** What is kept of an answer: the first bytes, as text that any store takes. */

/**
 * `chunks` as text, at most `bytesMax` bytes of them, or null when there are none. A character that the limit cuts in two is left
 * out; bytes that are no UTF-8 become U+FFFD; NUL, which some stores refuse, is dropped.
 */
export function excerptOf(chunks: readonly Uint8Array[], bytesMax: number): string | null {
  const bytes = Buffer.concat(chunks);
  if (bytes.length === 0) return null;
  const isCut = bytes.length > bytesMax;
  const kept = isCut ? bytes.subarray(0, bytesMax) : bytes;
  // A decoder that is told that more will come holds an unfinished character back.
  const text = isCut ? new TextDecoder("utf-8", { ignoreBOM: true }).decode(kept, { stream: true }) : kept.toString("utf8");
  return text.replaceAll("\0", "");
}
