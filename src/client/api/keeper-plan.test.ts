import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { versionNames, versions } from "../../wire/versions.ts";
import { backoffMs, grantedUntil, hasEveryModule, lifetimeMsMax, lifetimeMsOf, renewAt } from "./keeper-plan.ts";
import { apiVersions } from "./watch-types.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

test("the kit's versions and their longest lifetimes are the server's", () => {
  assert.deepEqual(apiVersions, versionNames);
  for (const name of apiVersions) assert.equal(lifetimeMsMax[name], versions[name].expiryMaxMs, name);
  assert.equal(lifetimeMsOf("v2"), dayMs - 5 * 60_000);
});

describe("grantedUntil", () => {
  test("is the first end among the modules, in whatever zone it is told", () => {
    const modules = [{ channel_expiry: "2026-01-15T18:30:00+05:30" }, { channel_expiry: "2026-01-15T12:30:00Z" }, { channel_expiry: null }];
    assert.equal(grantedUntil(modules, Date.UTC(2026, 0, 15)), Date.UTC(2026, 0, 15, 12, 30));
  });

  test("is an hour on when the answer does not say, or says what our clock has passed", () => {
    const now = Date.UTC(2026, 0, 15);
    for (const channel_expiry of [null, "soon", "2026-01-14T23:59:59Z"]) {
      assert.equal(grantedUntil([{ channel_expiry }], now), now + hourMs);
    }
    assert.equal(grantedUntil([], now), now + hourMs);
  });
});

describe("renewAt", () => {
  const random = { next: () => 0 };

  test("is a fifth of the lifetime ahead of the end, or as far ahead as is asked", () => {
    assert.equal(renewAt({ now: 0, expiresAt: 10 * hourMs }, { leadMs: null, jitter: 0, random }), 8 * hourMs);
    assert.equal(renewAt({ now: 0, expiresAt: 10 * hourMs }, { leadMs: hourMs, jitter: 0, random }), 9 * hourMs);
  });

  test("is never in the first half of a lifetime that the server has shortened, and never without a pause", () => {
    assert.equal(renewAt({ now: 0, expiresAt: hourMs }, { leadMs: 6 * hourMs, jitter: 0.2, random }), hourMs / 2);
    assert.equal(renewAt({ now: 0, expiresAt: 10 }, { leadMs: null, jitter: 0, random }), 1_000);
  });

  test("lies between half of the lifetime and the end, whatever is asked", () => {
    const anyLead = fc.option(fc.integer({ min: 0, max: 8 * dayMs }));
    fc.assert(
      fc.property(
        fc.integer({ min: 4_000, max: 7 * dayMs }),
        anyLead,
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        (lifetimeMs, leadMs, chance) => {
          const at = renewAt({ now: 5, expiresAt: 5 + lifetimeMs }, { leadMs, jitter: 0.2, random: { next: () => chance } });
          assert.ok(at >= 5 + lifetimeMs / 2 && at <= 5 + lifetimeMs);
        },
      ),
    );
  });
});

test("waits double up to five minutes, a half by chance, and are as long as the server asks", () => {
  const waits = (chance: number): readonly number[] =>
    [1, 2, 3, 10, 1_000].map((failures) => backoffMs(failures, { askedMs: null, random: { next: () => chance } }));
  assert.deepEqual(waits(0), [5_000, 10_000, 20_000, 300_000, 300_000]);
  assert.deepEqual(waits(1), [2_500, 5_000, 10_000, 150_000, 150_000]);
  assert.equal(backoffMs(1, { askedMs: 60_000, random: { next: () => 0 } }), 60_000);
});

test("a channel is whole when each module of its events is listed, whatever the case of its name", () => {
  const rows = [{ resource_name: "Deals" }, { resource_name: "Contacts" }];
  assert.equal(hasEveryModule(rows, ["deals.edit", "Contacts.all"]), true);
  assert.equal(hasEveryModule(rows, ["Deals.edit", "Leads.all"]), false);
  assert.equal(hasEveryModule([], ["Deals.edit"]), false);
});
