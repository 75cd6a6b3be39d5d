/**
 * Puts the meter on a connection of undici's: HTTP/1.1, one request after the other.
 *
 * All connections read into one buffer, and what may be read is copied out of it. The runtime by itself would take 64 KiB for every
 * read; five hundred receivers that send all they can would hold as much of it as there is between two collections.
 */
import type { OnReadOpts, Socket } from "node:net";
import type { AnswerBounds } from "./answer-meter.ts";
import { AnswerMeter } from "./answer-meter.ts";

const readBytes = 16 * 1024;

export class AnswerTooLargeError extends Error {
  override readonly name = "AnswerTooLargeError";
  readonly code = "ANSWER_TOO_LARGE";
}

const staleErrors = new WeakSet<Error>();
const closingCodes: readonly unknown[] = ["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"];

/**
 * Whether a request failed because its connection, which had carried an answer before, was closed without a single byte of an
 * answer: as a receiver does that closes what has been idle for too long, just when the request is on its way.
 */
export function isStaleConnection(error: unknown): boolean {
  return error instanceof Error && staleErrors.has(error);
}

export type MeteredSockets = {
  /** To be given to the sockets when they are made. */
  readonly onread: OnReadOpts;
  /** To be called when a socket is connected. */
  readonly watch: (socket: Socket) => void;
};

export function createMeteredSockets(bounds: AnswerBounds): MeteredSockets {
  const buffer = Buffer.alloc(readBytes);
  const meters = new WeakMap<object, AnswerMeter>();

  function meterOf(socket: object): AnswerMeter {
    const known = meters.get(socket);
    if (known !== undefined) return known;
    const meter = new AnswerMeter(bounds);
    meters.set(socket, meter);
    return meter;
  }

  return {
    onread: {
      buffer,
      callback(this: Socket, bytes: number): boolean {
        const chunk = buffer.subarray(0, bytes);
        const allowed = meterOf(this).take(chunk);
        const canTakeMore = allowed === 0 || this.push(Buffer.from(chunk.subarray(0, allowed)));
        if (allowed === bytes) return canTakeMore;
        // What may be read is read first; its status may be in it.
        setImmediate(() => this.destroy(new AnswerTooLargeError()));
        return false;
      },
    },
    watch(socket) {
      const meter = meterOf(socket);
      const write = socket.write.bind(socket);
      let requests = 0;
      Object.assign(socket, {
        /** A request is written in parts; the first after an answer begins the next exchange. */
        write(...args: Parameters<typeof write>): boolean {
          if (requests === 0 || meter.bytes > 0) {
            requests += 1;
            meter.begin();
          }
          return write(...args);
        },
      });
      // Registered before undici's own listener, which hands the same error on to the request.
      socket.on("error", (error) => {
        if (requests > 1 && meter.bytes === 0 && "code" in error && closingCodes.includes(error.code)) staleErrors.add(error);
      });
    },
  };
}
