import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import type { ServerResponse } from "node:http";
import { test } from "node:test";
import { attempted } from "../../test/support/attempted.ts";
import { ManualClock } from "../../test/support/clock.ts";
import { limits } from "../core/limits.ts";
import { createFeed } from "../observe/feed.ts";
import { LiveStreams } from "./live-streams.ts";

const attempt = attempted();

/** A response that takes what is written, and reads none of it unless told. */
class Written extends EventEmitter {
  text = "";
  writableLength = 0;
  destroyed = false;
  writableEnded = false;
  readonly isRead: boolean;

  constructor(isRead: boolean) {
    super();
    this.isRead = isRead;
  }

  write(chunk: string): void {
    this.text += chunk;
    if (!this.isRead) this.writableLength += chunk.length;
  }

  end(): void {
    this.writableEnded = true;
  }

  destroy(): void {
    this.destroyed = true;
    this.emit("close");
  }

  asResponse(): ServerResponse {
    return this as unknown as ServerResponse;
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function streamsUnderTest() {
  const clock = new ManualClock(0);
  const feed = createFeed(clock);
  const streams = new LiveStreams({ feed, realClock: clock, stats: () => Promise.resolve({ filling: "x".repeat(100_000) }) });
  return { clock, feed, streams };
}

test("a client that does not read is dropped, and one that reads stays", async () => {
  const { clock, streams } = streamsUnderTest();
  const [slow, quick] = [new Written(false), new Written(true)];
  for (const client of [slow, quick]) streams.add(client.asResponse(), { sessionId: null, stepMs: 5_000 });
  for (let count = 0; count < 15; count += 1) {
    await turn();
    clock.advance(limits.streamStatsMs);
  }
  await turn();
  assert.deepEqual([slow.destroyed, quick.destroyed], [true, false]);
  streams.close();
  assert.ok(quick.writableEnded);
});

test("of many attempts at once only so many go out", async () => {
  const { clock, feed, streams } = streamsUnderTest();
  const client = new Written(true);
  streams.add(client.asResponse(), { sessionId: null, stepMs: 5_000 });
  for (let count = 0; count < 5_000; count += 1) feed.attempted(attempt);
  clock.advance(limits.streamFlushMs);
  await turn();
  assert.equal(client.text.split("event: delivery").length - 1, limits.streamEventsPerFlushMax);
  feed.attempted(attempt);
  clock.advance(limits.streamFlushMs);
  await turn();
  assert.equal(client.text.split("event: delivery").length - 1, limits.streamEventsPerFlushMax + 1);
  streams.close();
});

test("a server that has closed its streams takes none", () => {
  const { streams } = streamsUnderTest();
  streams.close();
  const late = new Written(true);
  streams.add(late.asResponse(), { sessionId: null, stepMs: 5_000 });
  assert.ok(streams.isFull && late.writableEnded);
});
