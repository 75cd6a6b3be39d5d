/**
 * Counts what a receiver sends, between its connection and undici, which bounds neither how many headers and trailers an answer has
 * nor what stands around them (answers before the answer, reason phrases, extensions of chunks).
 *
 *   request written ─► head ─┬─ chunked ─► size ─► data ─► size ─► … ─► trailers ─► rest
 *                      ▲  │  └─ else ───────────────────────────────────────────────▲
 *                      └──┘ an informational head (1xx) is followed by another
 *
 * Heads and trailers of an answer have one bound in bytes and one in lines, and the answer as a whole one in bytes. It understands the
 * framing only as far as to tell lines of a head from a body; whether the answer is valid is for undici to say.
 */
import type { DispatchLimits } from "./dispatch-limits.ts";

/** `responseBytesReadMax` holds for the whole answer, head and framing included. */
export type AnswerBounds = Pick<DispatchLimits, "responseBytesReadMax" | "responseHeaderBytesMax" | "responseHeaderLinesMax">;

type Part = "head" | "size" | "data" | "trailers" | "rest";

const lineFeed = 0x0a;
/** So much of a line tells which it is; a chunk's size that is longer begins with zeros. */
const lineCharsKept = 20;
/** `HTTP/1.1 1`: where the first digit of a status stands. */
const statusAt = 9;

export class AnswerMeter {
  readonly #bounds: AnswerBounds;
  #bytes = 0;
  #headBytes = 0;
  #headLines = 0;
  #part: Part = "head";
  /** The line that is being read, without returns and feeds. */
  #line = "";
  /** The first line of the head that is being read; empty until it stands. */
  #statusLine = "";
  #isChunked = false;
  #dataBytesLeft = 0;
  #isExceeded = false;

  constructor(bounds: AnswerBounds) {
    this.#bounds = bounds;
  }

  /** Bytes of this answer that have come. */
  get bytes(): number {
    return this.#bytes;
  }

  /** From now on another answer is counted. */
  begin(): void {
    this.#bytes = 0;
    this.#headBytes = 0;
    this.#headLines = 0;
    this.#isExceeded = false;
    this.#beginHead();
  }

  /** Counts `chunk` and says how many of its bytes may be read; 0 when none of them may, nor anything after them. */
  take(chunk: Buffer): number {
    const room = this.#isExceeded ? 0 : this.#bounds.responseBytesReadMax - this.#bytes;
    this.#bytes += chunk.length;
    if (room <= 0) return 0;
    const lengthMax = this.#lengthWithinBounds(chunk);
    this.#isExceeded = lengthMax < chunk.length;
    return Math.min(room, lengthMax);
  }

  /** Where the head or the trailers begin that are too large, so that a status in front of them is heard; or all of it. */
  #lengthWithinBounds(chunk: Buffer): number {
    let from = 0;
    let trailersFrom = 0;
    while (from < chunk.length && this.#part !== "rest") {
      if (this.#part === "data") from += this.#skipData(chunk.length - from);
      else from = this.#readLine(chunk, from);
      if (this.#isHeadTooLarge()) return trailersFrom;
      if (this.#part === "size") trailersFrom = from;
    }
    return chunk.length;
  }

  #isHeadTooLarge(): boolean {
    return this.#headBytes > this.#bounds.responseHeaderBytesMax || this.#headLines > this.#bounds.responseHeaderLinesMax;
  }

  #skipData(bytesMax: number): number {
    const bytes = Math.min(this.#dataBytesLeft, bytesMax);
    this.#dataBytesLeft -= bytes;
    if (this.#dataBytesLeft === 0) this.#part = "size";
    return bytes;
  }

  /** Reads a line from `from` on, or the part of it that has come; gives back where what follows begins. */
  #readLine(chunk: Buffer, from: number): number {
    const found = chunk.indexOf(lineFeed, from);
    const until = found === -1 ? chunk.length : found + 1;
    const isHead = this.#part === "head" || this.#part === "trailers";
    if (isHead) this.#headBytes += until - from;
    this.#keepOfLine(chunk.toString("latin1", from, Math.min(until, from + lineCharsKept)));
    if (found === -1) return until;
    if (isHead) this.#headLines += 1;
    const line = this.#line;
    this.#line = "";
    if (this.#part === "head") this.#endHeadLine(line);
    else if (this.#part === "size") this.#endSizeLine(line);
    else if (line === "") this.#part = "rest";
    return until;
  }

  #keepOfLine(text: string): void {
    if (this.#line.length < lineCharsKept) this.#line += text.replace(/[\r\n]+/g, "").slice(0, lineCharsKept);
  }

  #endHeadLine(line: string): void {
    if (line !== "") {
      if (this.#statusLine === "") this.#statusLine = line;
      else if (/^transfer-encoding/i.test(line)) this.#isChunked = true;
      return;
    }
    // An empty line in front of a head is skipped, as undici does.
    if (this.#statusLine === "" || this.#statusLine[statusAt] === "1") this.#beginHead();
    else this.#part = this.#isChunked ? "size" : "rest";
  }

  #endSizeLine(line: string): void {
    // The end of the chunk before.
    if (line === "") return;
    const digits = /^[0-9a-f]+/i.exec(line);
    this.#dataBytesLeft = digits === null ? 0 : Number.parseInt(digits[0], 16);
    if (digits === null) this.#part = "rest";
    else this.#part = this.#dataBytesLeft === 0 ? "trailers" : "data";
  }

  #beginHead(): void {
    this.#part = "head";
    this.#line = "";
    this.#statusLine = "";
    this.#isChunked = false;
    this.#dataBytesLeft = 0;
  }
}
