/** What a receiver that means harm, or is broken, may do with a POST; and what the attempt then comes to. */
import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";

export type HostileAnswer = {
  /** Called when the request has arrived; `tls` answers are called when the connection has. */
  readonly act: (socket: Socket) => void;
  readonly isTls?: true;
  /** The status that counts; null when none does. */
  readonly status: number | null;
  /** The words for it in the attempt; null when a status counts. */
  readonly error: string | null;
  /** It holds its slot to the end of the attempt's time. */
  readonly isSlow?: true;
};

const cut = "connection closed before an answer";
const late = "no answer in time";
const large = "the answer's headers are too large";
const alien = "the answer is not HTTP";

const head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";
const chunkedHead = `${head}Transfer-Encoding: chunked\r\n\r\n`;
const gibibyte = 1024 ** 3;
const block = Buffer.alloc(64 * 1024, "x");
/** 32 MiB of zeros; what comes of them once unpacked must not matter. */
const bomb = gzipSync(Buffer.alloc(32 * 1024 * 1024));

export const hostileAnswers: Readonly<Record<string, HostileAnswer>> = {
  "a body of a gibibyte": answered((socket) => pour(socket, `${head}Content-Length: ${gibibyte}\r\n\r\n`, block)),
  "a body without an end": answered((socket) => pour(socket, `${head}\r\n`, block)),
  "chunks without an end": answered((socket) => pour(socket, chunkedHead, Buffer.concat([Buffer.from("10000\r\n"), block, crlf()]))),
  "chunks of one byte without an end": answered((socket) => pour(socket, chunkedHead, Buffer.from("1\r\nx\r\n".repeat(9_000)))),
  "a chunk's extension without an end": answered((socket) => pour(socket, `${chunkedHead}1;`, block)),
  "trailers without an end": answered((socket) => pour(socket, `${chunkedHead}0\r\n`, Buffer.from("a: b\r\n".repeat(9_000)))),
  "a gzip bomb": answered((socket) => sendLast(socket, `${head}Content-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`, bomb)),
  "a body byte by byte": slow(200, null, (socket) => drip(socket, `${head}Content-Length: 1000\r\n\r\n`, "x")),
  "a body that stops": slow(200, null, (socket) => socket.write(`${head}Content-Length: 1000\r\n\r\nx`)),
  "a body that stops after sixty thousand bytes": slow(200, null, (socket) => {
    socket.write(Buffer.concat([Buffer.from(`${head}Content-Length: 90000\r\n\r\n`), block.subarray(0, 60_000)]));
  }),

  "a hundred thousand headers": refused(large, (socket) => socket.write(`${head}${"a: b\r\n".repeat(100_000)}\r\n`)),
  "headers without an end": refused(large, (socket) => pour(socket, head, Buffer.from("a:\r\n".repeat(10_000)))),
  "one header without an end": refused(large, (socket) => pour(socket, `${head}A: `, block)),
  "a name of a header without an end": refused(large, (socket) => pour(socket, head, block)),
  "a reason phrase without an end": refused(large, (socket) => pour(socket, "HTTP/1.1 200 ", block)),
  "a header folded without an end": refused(large, (socket) => pour(socket, `${head}A: b\r\n`, Buffer.from(" x\r\n".repeat(10_000)))),
  "answers before the answer without an end": refused(large, (socket) => {
    pour(socket, "", Buffer.from("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n".repeat(1_000)));
  }),
  "a head byte by byte": slow(null, late, (socket) => drip(socket, head, "x")),
  "a head header by header": slow(null, late, (socket) => drip(socket, head, "a:\r\n")),
  "an answer before the answer, and silence": slow(null, late, (socket) => socket.write("HTTP/1.1 102 Processing\r\n\r\n")),
  "a head that stops after eighty headers": slow(null, late, (socket) => socket.write(`${head}${"a: b\r\n".repeat(80)}`)),
  "a head that stops after fifteen thousand bytes": slow(null, late, (socket) => socket.write(`${head}A: ${"x".repeat(15_000)}`)),
  silence: slow(null, late, () => undefined),
  "silence in the handshake": { ...slow(null, "no connection in time", () => undefined), isTls: true },
  "a handshake byte by byte": {
    ...slow(null, "no connection in time", (socket) => drip(socket, "\u0016\u0003\u0003\u0040\u0000", "\u0002")),
    isTls: true,
  },
  "a handshake in plain text": { ...refused("the TLS handshake failed", (socket) => sendLast(socket, `${head}\r\n`)), isTls: true },
  "a handshake that is cut": { ...refused(cut, (socket) => socket.resetAndDestroy()), isTls: true },

  "the end of the connection": refused(cut, (socket) => socket.end()),
  "a reset connection": refused(cut, (socket) => socket.resetAndDestroy()),
  "an end in the status": refused(cut, (socket) => socket.end("HTTP/1.1 2")),
  "an end in the head": refused(cut, (socket) => socket.end(`${head}A: `)),
  "a reset in the head": refused(cut, (socket) => socket.write(head, () => socket.resetAndDestroy())),
  "an end after the head": answered((socket) => socket.end(`${head}Content-Length: 5\r\n\r\n`)),
  "an end in the body": answered((socket) => socket.end(`${head}Content-Length: 5\r\n\r\nab`)),
  "an end in a chunk": answered((socket) => socket.end(`${chunkedHead}5\r\nab`)),
  "an end between chunks": answered((socket) => socket.end(`${chunkedHead}2\r\nab\r\n`)),
  "a reset in the body": answered((socket) => socket.write(`${head}Content-Length: 5\r\n\r\nab`, () => socket.resetAndDestroy())),

  "no HTTP": refused(alien, (socket) => socket.end("220 mail.example ESMTP\r\n")),
  "an answer of HTTP/0.9": refused(alien, (socket) => socket.end("<html></html>")),
  "the preface of HTTP/2": refused(alien, (socket) => socket.end("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")),
  "bytes that mean nothing": refused(alien, (socket) => socket.end(Buffer.from([0, 255, 254, 1, 128, 13, 10, 0]))),
  "a status of letters": refused(alien, (socket) => socket.end("HTTP/1.1 OK 200\r\n\r\n")),
  "a status of four digits": refused(alien, (socket) => socket.end("HTTP/1.1 2000 OK\r\n\r\n")),
  "a NUL in a header": refused(alien, (socket) => socket.end(`${head}A: \0\r\n\r\n`)),
  "two lengths": refused(alien, (socket) => socket.end(`${head}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`)),
  "a length below zero": refused(alien, (socket) => socket.end(`${head}Content-Length: -1\r\n\r\n`)),
  "a length that no number holds": refused(alien, (socket) => socket.end(`${head}Content-Length: ${"9".repeat(40)}\r\n\r\n`)),
  "a body that is longer than its length": answered((socket) => socket.end(`${head}Content-Length: 1\r\n\r\n${"x".repeat(9_000)}`)),
  "a chunk's size of letters": answered((socket) => socket.end(`${chunkedHead}zz\r\nab\r\n0\r\n\r\n`)),
  "a chunk's size that no number holds": answered((socket) => socket.end(`${chunkedHead}${"f".repeat(40)}\r\nab`)),
  "a change of protocol": refused(cut, (socket) => {
    socket.end("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n");
  }),
  "leave to go on that nobody asked for": refused(cut, (socket) => socket.end(`HTTP/1.1 100 Continue\r\n\r\n${head}\r\n`)),
  "a name of a header that is no ASCII": refused(alien, (socket) => socket.end(`${head}X-Ü: a\r\n\r\n`)),
  "headers that are no ASCII": answered((socket) => {
    socket.end(Buffer.concat([Buffer.from(`${head}X-A: grün\r\nY: `), Buffer.from([0x80, 0xff]), Buffer.from("\r\n\r\nok")]));
  }),
  "a body that is no text": answered((socket) =>
    socket.end(Buffer.concat([Buffer.from(`${head}\r\n`), Buffer.from([0, 255, 237, 160, 128])])),
  ),
  "two answers to one request": answered((socket) => {
    socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\nno");
  }),
  "a promise to keep the connection for ever, and its end": answered((socket) => {
    socket.end(`${head}Keep-Alive: timeout=99999999999\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok`);
  }),
};

/** A POST to this and a number is answered with `gibberish(number)`. */
export const gibberishPrefix = "gibberish:";

const fragments: readonly string[] = [
  "HTTP/1.1 ",
  "HTTP/1.0 ",
  "200",
  "103",
  "204",
  "304",
  " OK",
  "\r\n",
  "\r\n\r\n",
  "\n",
  "\r",
  "\0",
  " ",
  ":",
  ";",
  "\t",
  "Content-Length: ",
  "Content-Length: 5\r\n",
  "Transfer-Encoding: chunked\r\n",
  "Transfer-Encoding: gzip, chunked\r\n",
  "0\r\n\r\n",
  "5\r\nhello\r\n",
  "Connection: close\r\n",
  "Connection: upgrade\r\n",
  "Keep-Alive: timeout=0\r\n",
  "Trailer: A\r\n",
  "\u00ff\u0080",
  "ffffffff\r\n",
  "-1",
  "hello",
  "HTTP/1.1 200 OK\r\n",
  "A: b\r\n",
  "A: b\r\n c\r\n",
];

/** Bytes that begin like an answer or not, the same ones for the same seed. */
export function gibberish(seed: number): Buffer {
  let state = seed + 1;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
  const start = next(3) === 0 ? "" : "HTTP/1.1 200 OK\r\n";
  const parts = Array.from({ length: next(14) }, () => fragments[next(fragments.length)]);
  return Buffer.from(start + parts.join(""), "latin1");
}

function answered(act: HostileAnswer["act"]): HostileAnswer {
  return { act, status: 200, error: null };
}

function refused(error: string, act: HostileAnswer["act"]): HostileAnswer {
  return { act, status: null, error };
}

function slow(status: number | null, error: string | null, act: HostileAnswer["act"]): HostileAnswer {
  return { act, status, error, isSlow: true };
}

function crlf(): Buffer {
  return Buffer.from("\r\n");
}

function sendLast(socket: Socket, ...parts: readonly (string | Buffer)[]): void {
  for (const part of parts) socket.write(part);
  socket.end();
}

/** Writes `start` and then `part` again and again, for as long as the other side takes it. */
function pour(socket: Socket, start: string, part: Buffer): void {
  const more = (): void => {
    while (socket.writable && socket.write(part));
  };
  socket.on("drain", more);
  if (start !== "") socket.write(start);
  more();
}

/** Writes `start` and then `part` every 40 ms, each in a packet of its own: a byte a second, at the speed of a test. */
function drip(socket: Socket, start: string, part: string): void {
  socket.setNoDelay(true);
  socket.write(start, "latin1");
  const timer = setInterval(() => socket.write(part, "latin1"), 40);
  socket.on("close", () => clearInterval(timer));
}
