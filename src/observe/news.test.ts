import assert from "node:assert/strict";
import { test } from "node:test";
import { attempted } from "../../test/support/attempted.ts";
import { ManualClock } from "../../test/support/clock.ts";
import { limits } from "../core/limits.ts";
import { createFeed } from "./feed.ts";
import { createNews, readNews, writeNews } from "./news.ts";

const event = attempted({ deliveryId: 7, channelKey: 3, channelId: "1000", module: "Leads", operation: "insert", durationMs: 12 });

test("what one process did is seen in the feed of another, and told once", async () => {
  const clock = new ManualClock(1_000_000);
  const [here, there] = [createFeed(clock, { isTold: true }), createFeed(clock)];
  const seen: unknown[] = [];
  there.listen({ onAttempt: (attempt) => seen.push(attempt), onHint: () => undefined });
  const listeners: ((text: string) => void)[] = [];
  const wire = {
    publish: (text: string) => {
      for (const listener of listeners) listener(text);
    },
    onText: (listener: (text: string) => void) => void listeners.push(listener),
  };
  const unheard = { publish: () => undefined, onText: wire.onText };
  const telling = createNews({ feed: here, realClock: clock, wire: { publish: wire.publish, onText: () => undefined } });
  const hearing = createNews({ feed: there, realClock: clock, wire: unheard });
  for (const news of [telling, hearing]) news.start();
  here.attempted(event);
  here.attempted({ ...event, deliveryId: 8, outcome: "unreachable", httpStatus: null });
  here.changed(3);
  for (const news of [telling, hearing]) await news.stop();
  const { org: _org, error: _error, ...shown } = event;
  assert.deepEqual(seen, [
    { ...shown, at: 1_000_000 },
    { ...shown, deliveryId: 8, outcome: "unreachable", httpStatus: null, at: 1_000_000 },
  ]);
  assert.deepEqual(there.total(), { delivered: 1, failed: 1 });
  assert.equal(there.series(limits.feedStepMs).at(-1)?.changes, 3);
  assert.deepEqual(there.series(limits.feedStepMs), here.series(limits.feedStepMs));
  assert.equal(here.takeOwn(), null);
});

test("however much was done, it is told in a few messages that the wire takes, and its sums in full", () => {
  const feed = createFeed({ now: () => 1_000_000 }, { isTold: true });
  for (let made = 0; made < 10_000; made += 1) feed.attempted({ ...event, module: "Ünïcödë_Modulé", durationMs: made % 400 });
  const own = feed.takeOwn();
  assert.ok(own !== null);
  const texts = writeNews(own);
  assert.ok(texts.length <= limits.newsPerPauseMax);
  for (const text of texts) assert.ok(Buffer.byteLength(text) <= limits.newsBytesMax, String(Buffer.byteLength(text)));
  const read = texts.map(readNews);
  assert.equal(
    read.reduce((sum, news) => sum + (news?.delivered ?? 0), 0),
    10_000,
  );
  assert.ok(read.reduce((sum, news) => sum + (news?.attempts.length ?? 0), 0) > 100);
});

test("what is no news, or of another form, is passed over", () => {
  for (const text of ["", "hello", "{}", "[]", '{"sums":{"changes":-1,"delivered":0,"failed":0,"classes":[]},"attempts":[]}']) {
    assert.equal(readNews(text), null, text);
  }
  const odd = '{"sums":{"changes":1,"delivered":0,"failed":0,"classes":[[1],"x"]},"attempts":[[1],{}]}';
  assert.deepEqual(readNews(odd), { changes: 1, delivered: 0, failed: 0, classes: [], attempts: [] });
});
