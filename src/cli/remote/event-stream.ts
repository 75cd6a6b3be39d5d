/** Server-sent events of the admin API, one by one, until the signal, the server or the network ends them. */
import type { AdminClient } from "./admin-client.ts";
import { refusal } from "./admin-client.ts";
import { unreachable } from "./exchange.ts";

export type StreamEvent = { readonly name: string; readonly data: string };

const path = "/api/v1/stream";
const openMs = 10_000;
/** The server sends a comment every 15 seconds; silence for longer is a connection that has died. */
const silenceMs = 40_000;
const eventCharsMax = 1024 * 1024;

/** The events, once the server has said that they come; null when this server has no such stream. */
export async function openEventStream(client: AdminClient, signal: AbortSignal): Promise<AsyncIterable<StreamEvent> | null> {
  const { request } = await import("undici");
  const response = await request(`${client.url}${path}`, {
    headers: { accept: "text/event-stream", authorization: `Bearer ${client.token}` },
    headersTimeout: openMs,
    bodyTimeout: silenceMs,
    signal,
  }).catch((error: unknown) => {
    throw unreachable(client.url, error);
  });
  if (response.statusCode === 200) return eventsOf(response.body.setEncoding("utf8"));
  await response.body.dump();
  if (response.statusCode === 404) return null;
  throw refusal({ status: response.statusCode, body: {}, serverNow: null }, { url: client.url, path, what: null });
}

/** The events in a text that arrives in pieces, cut anywhere. */
export async function* eventsOf(pieces: AsyncIterable<unknown>): AsyncGenerator<StreamEvent> {
  let rest = "";
  for await (const piece of pieces) {
    rest += String(piece).replaceAll("\r", "");
    if (rest.length > eventCharsMax) throw new Error("an event is too long");
    const blocks = rest.split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const event = readBlock(block);
      if (event !== null) yield event;
    }
  }
}

/** null: a comment, or an event without data. */
function readBlock(block: string): StreamEvent | null {
  const fields = block.split("\n").map((line) => /^(\w+): ?(.*)$/.exec(line));
  const data = fields.flatMap((field) => (field?.[1] === "data" ? [field[2] ?? ""] : []));
  const name = fields.findLast((field) => field?.[1] === "event")?.[2] ?? "message";
  return data.length === 0 ? null : { name, data: data.join("\n") };
}
