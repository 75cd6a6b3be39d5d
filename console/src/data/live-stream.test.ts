import assert from "node:assert/strict";
import { test } from "node:test";
import type { StreamEventName, StreamSource } from "./live-stream.ts";
import { keepStream } from "./live-stream.ts";

class FakeSource implements StreamSource {
  isClosed = false;
  opened: () => void = () => undefined;
  broken: () => void = () => undefined;
  readonly takers = new Map<StreamEventName, (data: string) => void>();
  on(name: StreamEventName, take: (data: string) => void): void {
    this.takers.set(name, take);
  }
  onOpen(take: () => void): void {
    this.opened = take;
  }
  onBroken(take: () => void): void {
    this.broken = take;
  }
  close(): void {
    this.isClosed = true;
  }
}

function world() {
  const sources: FakeSource[] = [];
  const timers: { delayMs: number; act: () => void; isCancelled: boolean }[] = [];
  const seen: string[] = [];
  const stop = keepStream({
    open: () => {
      const source = new FakeSource();
      sources.push(source);
      return source;
    },
    startTimer: (delayMs, act) => {
      const timer = { delayMs, act, isCancelled: false };
      timers.push(timer);
      return () => (timer.isCancelled = true);
    },
    onState: (state) => seen.push(state),
    onEvent: (name, data) => seen.push(`${name} ${JSON.stringify(data)}`),
  });
  return { sources, timers, seen, stop };
}

test("events arrive parsed, and what is no JSON as null", () => {
  const { sources, seen } = world();
  sources[0]?.opened();
  sources[0]?.takers.get("delivery")?.('{"id":1}');
  sources[0]?.takers.get("hint")?.("");
  assert.deepEqual(seen, ["connecting", "live", 'delivery {"id":1}', "hint null"]);
});

test("a broken stream is opened again after twice the time, up to half a minute, and a good one starts from the beginning", () => {
  const { sources, timers, seen } = world();
  for (let round = 0; round < 7; round += 1) {
    sources.at(-1)?.broken();
    timers.at(-1)?.act();
  }
  assert.deepEqual(
    timers.map(({ delayMs }) => delayMs),
    [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000],
  );
  sources.at(-1)?.opened();
  sources.at(-1)?.broken();
  assert.equal(timers.at(-1)?.delayMs, 1_000);
  assert.equal(seen.at(-1), "polling");
  assert.ok(sources.every(({ isClosed }) => isClosed));
});

test("a stream that was closed for good stays closed", () => {
  const { sources, timers, stop } = world();
  sources[0]?.broken();
  stop();
  assert.equal(timers[0]?.isCancelled, true);
  const open = world();
  open.stop();
  open.sources[0]?.broken();
  assert.equal(open.timers.length, 0);
});
