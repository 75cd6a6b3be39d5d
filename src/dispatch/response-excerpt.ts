/**
 * What is kept of an answer: the first bytes, as text that any store takes. They are copied, for a part of an answer holds on to the
 * memory in which it came, however small the part is.
 */

/** Room for the usual answer, a word or two. */
const firstBytes = 256;

export class ExcerptBuffer {
  readonly #bytesMax: number;
  #bytes = new Uint8Array(0);
  #length = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Takes what of `chunk` is still to be kept. */
  add(chunk: Uint8Array): void {
    // One byte more than is shown, so that the text knows whether it is cut.
    const part = chunk.subarray(0, this.#bytesMax + 1 - this.#length);
    const length = this.#length + part.length;
    if (length > this.#bytes.length) this.#grow(length);
    this.#bytes.set(part, this.#length);
    this.#length = length;
  }

  /**
   * The first bytes as text, or null when there are none. A character that the limit cuts in two is left out; bytes that are no UTF-8
   * become U+FFFD; NUL, which some stores refuse, is dropped.
   */
  text(): string | null {
    if (this.#length === 0) return null;
    const isCut = this.#length > this.#bytesMax;
    const kept = this.#bytes.subarray(0, Math.min(this.#length, this.#bytesMax));
    // A decoder that is told that more will come holds an unfinished character back.
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(kept, { stream: isCut });
    return text.replaceAll("\0", "");
  }

  #grow(length: number): void {
    const grown = new Uint8Array(Math.min(this.#bytesMax + 1, Math.max(firstBytes, length * 2)));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}
