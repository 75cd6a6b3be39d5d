import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { AnswerMeter } from "./answer-meter.ts";

const bounds = { responseBytesReadMax: 1_000, responseHeaderBytesMax: 200, responseHeaderLinesMax: 8 };

type Taken = { readonly read: string; readonly isRefused: boolean };

/** What of `text` may be read when it comes in pieces of `size` bytes. */
function taken(text: string, size = text.length): Taken {
  const meter = new AnswerMeter(bounds);
  let read = "";
  for (let at = 0; at < text.length; at += size) {
    const part = text.slice(at, at + size);
    const allowed = meter.take(Buffer.from(part, "latin1"));
    read += part.slice(0, allowed);
    if (allowed < part.length) return { read, isRefused: true };
  }
  return { read, isRefused: false };
}

const sizes = [1, 2, 3, 7, 10_000];
const head = "HTTP/1.1 200 OK\r\nA: b\r\n\r\n";
const chunkedHead = "HTTP/1.1 200 OK\r\ntransfer-ENCODING: chunked\r\n\r\n";
const early = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n";

test("an answer within the bounds is read whole, however it is cut", () => {
  const chunks = `5\r\n\n\n\n\n\n\r\n14;a=b\r\n${"\n".repeat(20)}\r\n`;
  const texts = [head, `${head}body`, `${early}${head}body`, `\r\n\r\n${head}body`, `${head}${"\n".repeat(900)}`];
  for (const text of [...texts, `${chunkedHead}${chunks}0\r\n\r\n`, `${early}${chunkedHead}${chunks}${chunks}00\r\nA: b\r\n\r\n`]) {
    for (const size of sizes) assert.deepEqual(taken(text, size), { read: text, isRefused: false });
  }
});

const endless: Readonly<Record<string, string>> = {
  "too many headers": `HTTP/1.1 200 OK\r\n${"a:\r\n".repeat(9)}`,
  "one header that is too long": `HTTP/1.1 200 OK\r\nA: ${"x".repeat(200)}`,
  "a reason phrase that is too long": `HTTP/1.1 200 ${"x".repeat(200)}`,
  "too many lines in front of the answer": "\r\n".repeat(9),
  "one informational answer after the other": early.repeat(4),
  "an informational answer behind a bare return": `\r${early}`.repeat(4),
  "headers after an informational answer": `${early}HTTP/1.1 200 OK\r\n${"a:\r\n".repeat(5)}`,
  "too many trailers": `${chunkedHead}1\r\nx\r\n0\r\n${"a:\r\n".repeat(9)}`,
  "too many trailers behind a size of many zeros": `${chunkedHead}${"0".repeat(30)}\r\n${"a:\r\n".repeat(9)}`,
  "a trailer that is too long": `${chunkedHead}0\r\nA: ${"x".repeat(200)}`,
  "no answer at all": "x".repeat(201),
};

for (const [title, text] of Object.entries(endless)) {
  test(`a head is refused: ${title}`, () => {
    for (const size of sizes) {
      const { read, isRefused } = taken(text, size);
      assert.equal(isRefused, true, `in pieces of ${size}`);
      assert.ok(read.length <= bounds.responseHeaderBytesMax + chunkedHead.length);
    }
  });
}

test("of an answer that is too long the first bytes are read, head and all, and then nothing", () => {
  for (const size of sizes) {
    const { read } = taken(`${head}${"x".repeat(5_000)}`, size);
    assert.equal(read.length, bounds.responseBytesReadMax);
  }
  assert.equal(taken(`${head}${"x".repeat(5_000)}`, 600).isRefused, true);
});

test("the next answer has bounds of its own", () => {
  const meter = new AnswerMeter(bounds);
  for (let turn = 0; turn < 3; turn += 1) {
    meter.begin();
    assert.equal(meter.bytes, 0);
    assert.equal(meter.take(Buffer.from(`${head}${"x".repeat(900)}`)), head.length + 900);
    assert.equal(meter.bytes, head.length + 900);
  }
});

test("whatever comes and however it is cut, no more is read than the bounds say, and the same", () => {
  const part = fc.oneof(
    fc.constantFrom(
      "\r\n",
      "\n",
      "\r",
      "HTTP/1.1 103 x\r\n",
      "HTTP/1.1 200 x\r\n",
      "a: b\r\n",
      "x".repeat(150),
      "Transfer-Encoding: chunked\r\n",
      "5\r\n",
      "0\r\n",
    ),
    fc.string({ unit: "binary-ascii" }),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), fc.integer({ min: 1, max: 50 }), (parts, size) => {
      const text = parts.join("");
      const cut = taken(text, size);
      assert.ok(cut.read.length <= bounds.responseBytesReadMax && text.startsWith(cut.read));
      const single = taken(text, 1);
      assert.equal(cut.isRefused, single.isRefused);
      assert.ok(single.read.startsWith(cut.read), "in larger pieces no more is read before it is refused");
    }),
  );
});
