import assert from "node:assert/strict";
import { test } from "node:test";
import { createTargetGuard } from "../app/target-guard.ts";
import { createConnector } from "./connect.ts";
import { standardLimits } from "./dispatch-limits.ts";
import { OriginPools } from "./origin-pools.ts";

function poolsOf(originsMax: number): OriginPools {
  const connect = createConnector({ guard: createTargetGuard({ allowedCidrs: [] }), limits: standardLimits });
  return new OriginPools(connect, { ...standardLimits, originsMax });
}

test("an origin has one pool, however often it is taken", async () => {
  const pools = poolsOf(2);
  const first = pools.take("http://a.example");
  const second = pools.take("http://a.example");
  assert.equal(first.pool, second.pool);
  assert.equal(pools.size, 1);
  await pools.close();
});

test("beyond the bound, the pool that was not used for longest is closed", async () => {
  const pools = poolsOf(2);
  const a = pools.take("http://a.example");
  pools.giveBack(a);
  const b = pools.take("http://b.example");
  pools.giveBack(b);
  pools.giveBack(pools.take("http://a.example"));
  pools.giveBack(pools.take("http://c.example"));
  assert.equal(pools.size, 2);
  assert.equal(b.pool.closed, true);
  assert.equal(a.pool.closed, false);
  await pools.close();
});

test("a pool in use is not closed; it is when it is given back", async () => {
  const pools = poolsOf(1);
  const a = pools.take("http://a.example");
  const b = pools.take("http://b.example");
  assert.equal(pools.size, 2);
  assert.equal(a.pool.closed || b.pool.closed, false);
  pools.giveBack(a);
  assert.equal(pools.size, 1);
  assert.equal(a.pool.closed, true);
  assert.equal(b.pool.closed, false);
  await pools.close();
});

test("a pool may be given back after all were closed or destroyed", async () => {
  for (const end of ["close", "destroy"] as const) {
    const pools = poolsOf(1);
    const a = pools.take("http://a.example");
    await pools[end]();
    pools.giveBack(a);
    await pools.close();
    assert.equal(pools.size, 0);
    assert.equal(a.pool.destroyed, true);
  }
});

test("a request over a connection of its own opens no pool, and ends with the pools", async () => {
  for (const end of ["close", "destroy"] as const) {
    for (const isEndedBefore of [false, true]) {
      const pools = poolsOf(1);
      if (isEndedBefore) await pools.destroy();
      const failed = new Promise<Error>((resolve) => {
        pools.dispatchAfresh(
          "http://127.0.0.1:9",
          { method: "POST", path: "/" },
          { onResponseError: (_controller, error) => resolve(error) },
        );
      });
      assert.equal(pools.size, 0);
      await pools[end]();
      assert.ok((await failed) instanceof Error);
    }
  }
});
