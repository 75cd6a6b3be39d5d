import assert from "node:assert/strict";
import { test } from "node:test";
import { collect } from "../../../test/support/collect.ts";
import { type ServerSentEvent, readEvents } from "./event-stream.ts";

async function eventsOf(chunks: readonly string[]): Promise<readonly ServerSentEvent[]> {
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      controller.close();
    },
  });
  return collect(readEvents(stream));
}

const text = ': heartbeat\n\nevent: delivery\ndata: {"name":"Zürich"}\n\ndata:one\ndata: two\nid: 5\n\nevent: hint\ndata: {}\n\nevent: cut';
const events = [
  { event: "delivery", data: '{"name":"Zürich"}' },
  { event: "message", data: "one\ntwo" },
  { event: "hint", data: "{}" },
];

test("events are read whatever the line ends, and one that is cut off is none", async () => {
  assert.deepEqual(await eventsOf([text]), events);
  assert.deepEqual(await eventsOf([text.replaceAll("\n", "\r\n")]), events);
  assert.deepEqual(await eventsOf([text.replaceAll("\n", "\r")]), events);
});

test("events are read wherever the chunks break, also inside a line end or a character", async () => {
  for (const lineEnd of ["\n", "\r\n"]) {
    const bytes = new TextEncoder().encode(text.replaceAll("\n", lineEnd));
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
        controller.close();
      },
    });
    assert.deepEqual(await collect(readEvents(stream)), events);
  }
});

test("whoever stops reading lets go of the stream", async () => {
  let isLetGo = false;
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode("data: 1\n\ndata: 2\n\n")),
    cancel: () => void (isLetGo = true),
  });
  for await (const { data } of readEvents(stream)) {
    assert.equal(data, "1");
    break;
  }
  assert.ok(isLetGo);
});

test("a line without an end is given up", async () => {
  await assert.rejects(eventsOf(["data: ", "x".repeat(2 * 1024 * 1024)]), /a line without an end/);
});
