/**
 * The receiver: answers every POST with 200 as soon as its body is here, or so much later, and counts. It reads HTTP from the socket by itself, so that it
 * takes as little of the machine as it can: heads end with an empty line, and bodies say their length.
 */
import { type AddressInfo, type Server, type Socket, createServer } from "node:net";
import { play } from "../part.ts";

/** Of each POST since `note`: when it had arrived, when its delivery was committed (by its id), and the first record that it names. */
export type Arrivals = {
  readonly arrivedAtMs: Float64Array;
  readonly committedAtMs: Float64Array;
  readonly recordIds: readonly string[];
};

const answer = Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
const headEnd = "\r\n\r\n";
const emptyBuffer = Buffer.alloc(0);

let count = 0;
let answerAfterMs = 0;
let isNoting = false;
let arrivedAtMs: number[] = [];
let committedAtMs: number[] = [];
let recordIds: string[] = [];

function makeServer(): Server {
  return createServer((socket) => {
    let rest: Buffer = emptyBuffer;
    socket.setNoDelay(true);
    socket.on("data", (chunk) => {
      rest = readAll(socket, rest.length === 0 ? chunk : Buffer.concat([rest, chunk]));
    });
    // Expected: whoever sends is ended at once, and its connections with it.
    socket.on("error", () => socket.destroy());
  });
}

/** Answers each whole request; gives back what is left of the next. */
function readAll(socket: Socket, bytes: Buffer): Buffer {
  let at = 0;
  for (;;) {
    const end = bytes.indexOf(headEnd, at);
    if (end === -1) break;
    const head = bytes.toString("latin1", at, end);
    const bodyAt = end + headEnd.length;
    const bodyEnd = bodyAt + Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    if (bodyEnd > bytes.length) break;
    count += 1;
    if (isNoting) note(head, bytes.toString("latin1", bodyAt, bodyEnd));
    if (answerAfterMs === 0) socket.write(answer);
    else setTimeout(() => socket.write(answer), answerAfterMs);
    at = bodyEnd;
  }
  return at === bytes.length ? emptyBuffer : bytes.subarray(at);
}

function note(head: string, body: string): void {
  arrivedAtMs.push(performance.timeOrigin + performance.now());
  // A delivery's id begins with the millisecond of its commit, in microseconds.
  committedAtMs.push(Math.floor(Number(/webhook-id: *msg_(\d+)/i.exec(head)?.[1]) / 1_000));
  recordIds.push(/"ids":\["(\d+)"/.exec(body)?.[1] ?? "");
}

export type ReceiverActs = typeof acts;
const acts = play({
  /** Begins to listen, once more when asked again: each port is a host of its own. Gives the port. */
  listen: () =>
    new Promise<number>((resolve) => {
      const server = makeServer();
      server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
    }),
  /** From now on each answer takes so long. */
  answerAfter: (delayMs: number) => {
    answerAfterMs = delayMs;
  },
  /** POSTs so far. */
  count: () => count,
  /** Notes each arrival from now on. */
  note: () => {
    isNoting = true;
    [arrivedAtMs, committedAtMs, recordIds] = [[], [], []];
  },
  /** What was noted; notes no more. */
  noted: (): Arrivals => {
    isNoting = false;
    return { arrivedAtMs: Float64Array.from(arrivedAtMs), committedAtMs: Float64Array.from(committedAtMs), recordIds };
  },
});
