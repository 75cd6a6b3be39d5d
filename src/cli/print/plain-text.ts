/**
 * Text from a server on its way to a terminal. It may hold what a stranger wrote (a record's value, a receiver's answer), so what a
 * terminal would obey is shown instead of sent.
 */

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
/** Scripts and pictures that a terminal draws two columns wide. */
const wide = /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Emoji_Presentation}/u;
/** Control characters, and those that turn the direction of writing round. */
const commanding = /[\p{Cc}\u061C\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu;

/** The text on one line, with nothing in it that a terminal would obey. */
export function plainText(text: string): string {
  return text.replaceAll(commanding, (character) => {
    if (character === "\n" || character === "\r" || character === "\t") return character === "\t" ? " " : "\u240A";
    return `\\u${character.codePointAt(0)?.toString(16).padStart(4, "0") ?? ""}`;
  });
}

/** As `plainText`, but line ends stay, for a text that is shown as a block. */
export function plainBlock(text: string): readonly string[] {
  return text.split(/\r?\n/).map(plainText);
}

/** How many columns a terminal takes for it. */
export function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += wide.test(segment) ? 2 : 1;
  return width;
}

/** The text in at most `width` columns; what was cut is marked by `…`. */
export function cutTo(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = "";
  let used = 1;
  for (const { segment } of graphemes.segment(text)) {
    used += wide.test(segment) ? 2 : 1;
    if (used > width) break;
    kept += segment;
  }
  return `${kept}…`;
}
