import assert from "node:assert/strict";
import { test } from "node:test";
import { eventsOf } from "./event-stream.ts";

async function read(...pieces: readonly string[]): Promise<readonly unknown[]> {
  async function* source(): AsyncGenerator<string> {
    for (const piece of pieces) yield await Promise.resolve(piece);
  }
  const events: unknown[] = [];
  for await (const event of eventsOf(source())) events.push(event);
  return events;
}

test("events are read wherever the pieces are cut, with any line ends, and comments are passed over", async () => {
  const text = ': hello\r\n\r\nevent: delivery\r\ndata: {"id":1}\r\n\r\nevent: hint\ndata: {}\n\n: beat\n\ndata: a\ndata: b\n\n';
  const events = [
    { name: "delivery", data: '{"id":1}' },
    { name: "hint", data: "{}" },
    { name: "message", data: "a\nb" },
  ];
  assert.deepEqual(await read(text), events);
  assert.deepEqual(await read(...text.split("")), events);
});

test("an event that is not complete is not given, and one without end is not kept", async () => {
  assert.deepEqual(await read("event: delivery\ndata: {}"), []);
  await assert.rejects(read("data: ".padEnd(1024 * 1024 + 1, "x")), /too long/);
});
