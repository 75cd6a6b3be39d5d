/** Passes a notification on to a receiver of one's own, as it came, and brings back what that answered. */
import { reasonOf } from "../remote/exchange.ts";
import type { Arrived, ReceiverAnswer } from "./receiver.ts";

export type Forwarded = {
  readonly answer: ReceiverAnswer;
  /** Why nothing came back; null: it did. */
  readonly fault: string | null;
};

/** A bit less than the server waits, so that it hears of a receiver that hangs from us. */
const waitMs = 14_000;
const bodyCharsMax = 4_096;
/** What belongs to the connection between the server and us. */
const ownHeaders = new Set(["host", "connection", "content-length", "transfer-encoding", "keep-alive", "expect"]);
const returnedHeaders = ["content-type", "retry-after"];

export async function forward(target: string, { headers, body }: Arrived): Promise<Forwarded> {
  const passed = Object.entries(headers).flatMap(([name, value]) =>
    ownHeaders.has(name) || value === undefined ? [] : [[name, value] as const],
  );
  const { request } = await import("undici");
  try {
    const response = await request(target, {
      method: "POST",
      headers: Object.fromEntries(passed),
      body,
      headersTimeout: waitMs,
      bodyTimeout: waitMs,
      signal: AbortSignal.timeout(waitMs),
    });
    const text = await response.body.text();
    const returned = returnedHeaders.flatMap((name) => {
      const value = response.headers[name];
      return typeof value === "string" ? [[name, value] as const] : [];
    });
    const answer = { status: response.statusCode, headers: Object.fromEntries(returned), body: Buffer.from(text.slice(0, bodyCharsMax)) };
    return { answer, fault: null };
  } catch (error) {
    const fault = error instanceof Error && error.name === "TimeoutError" ? "its answer takes too long" : reasonOf(error);
    return { answer: { status: 502, headers: {}, body: Buffer.from("the receiver could not be reached\n") }, fault };
  }
}
