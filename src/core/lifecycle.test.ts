import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { limits } from "./limits.ts";
import { nextNoticeAfter, nextNoticeOf, noticeDue, readLifecycleUrl } from "./lifecycle.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** An expiry a week ahead of 0. */
const expiresAt = 7 * day;

describe("the series of a channel's notices", () => {
  for (const [now, due, next] of [
    [0, null, expiresAt - day],
    [expiresAt - day - 1, null, expiresAt - day],
    [expiresAt - day, "24h", expiresAt - hour],
    [expiresAt - hour - 1, "24h", expiresAt - hour],
    [expiresAt - hour, "1h", expiresAt - 5 * minute],
    [expiresAt - 5 * minute - 1, "1h", expiresAt - 5 * minute],
    [expiresAt - 5 * minute, "5m", expiresAt],
    [expiresAt - 1, "5m", expiresAt],
    [expiresAt, "expired", null],
    [expiresAt + 30 * day, "expired", null],
  ] as const) {
    test(`${expiresAt - now} ms before the expiry the latest is ${due ?? "none"}`, () => {
      const notice = noticeDue(expiresAt, now);
      assert.equal(notice === null ? null : (notice.before ?? "expired"), due);
      assert.equal(notice?.event ?? null, due === null ? null : due === "expired" ? "channel.expired" : "channel.expiring");
      assert.equal(nextNoticeAfter(expiresAt, now), next);
    });
  }
});

describe("the next notice of a channel that is stored", () => {
  const channel = { kind: "client", expiresAt } as const;

  test("skips what had passed when the channel got its expiry", () => {
    assert.equal(nextNoticeOf(channel, null, expiresAt - hour), expiresAt - 5 * minute);
    assert.equal(nextNoticeOf(channel, null, expiresAt), null);
  });

  test("begins anew with another expiry, also after the series was over", () => {
    const before = { kind: "client", expiresAt: 2 * day, nextNoticeAt: null } as const;
    assert.equal(nextNoticeOf(channel, before, 3 * day), expiresAt - day);
  });

  test("stays with the same expiry, also when it is due and not yet given", () => {
    const before = { ...channel, nextNoticeAt: expiresAt - day };
    assert.equal(nextNoticeOf(channel, before, expiresAt - day + 5), expiresAt - day);
    assert.equal(nextNoticeOf(channel, { ...channel, nextNoticeAt: null }, 0), null);
  });

  test("is none of a channel that never expires", () => {
    assert.equal(nextNoticeOf({ kind: "lifecycle", expiresAt }, null, 0), null);
  });
});

describe("a lifecycle_url", () => {
  for (const text of ["https://ops.example/hook", "http://127.0.0.1:9/?a=b#c", "https://ops.example/a b"]) {
    test(`may be ${text}`, () => assert.ok(readLifecycleUrl(text) instanceof URL));
  }
  const tooLong = `https://ops.example/${"a".repeat(limits.lifecycleUrlCharsMax)}`;
  for (const text of [
    "",
    "ops.example",
    "ftp://ops.example/",
    "https://me:pass@ops.example/",
    "https://ops.example/\n",
    "https://",
    tooLong,
  ]) {
    test(`is not ${JSON.stringify(text).slice(0, 40)}`, () => assert.equal(readLifecycleUrl(text), null));
  }
});
