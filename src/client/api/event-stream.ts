/** Server-sent events, as the stream of the admin API sends them: `event:` and `data:` lines, an empty line after each event, comments in between. */

export type ServerSentEvent = { readonly event: string; readonly data: string };

/** A line that grows without end is no event. */
const lineCharsMax = 1024 * 1024;

/** Ends when the stream ends, and lets go of it when the reader stops. */
export async function* readEvents(stream: ReadableStream<Uint8Array>): AsyncGenerator<ServerSentEvent, void, undefined> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let event = "message";
  let data: string[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? "";
      if (rest.length > lineCharsMax) throw new Error("the event stream has a line without an end");
      for (const line of lines) {
        if (line === "") {
          if (data.length > 0) yield { event, data: data.join("\n") };
          event = "message";
          data = [];
          continue;
        }
        const [, field, text] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
        if (field === "event") event = text ?? "";
        if (field === "data") data.push(text ?? "");
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined); // Expected: the connection is gone already.
  }
}
