import assert from "node:assert/strict";
import { test } from "node:test";
import { coalesce } from "./coalesce.ts";

test("names taken within an interval are handed over together, and the next begin a new one", () => {
  const timers: (() => void)[] = [];
  const flushed: (readonly string[])[] = [];
  const take = coalesce(
    1_000,
    (_, act) => {
      timers.push(act);
      return () => undefined;
    },
    (names) => flushed.push([...names]),
  );
  take("deliveries");
  take("deliveries", "inbox");
  assert.equal(timers.length, 1);
  timers[0]?.();
  take("changes");
  timers[1]?.();
  assert.deepEqual(flushed, [["deliveries", "inbox"], ["changes"]]);
});
