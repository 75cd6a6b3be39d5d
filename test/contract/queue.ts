/** What every queue of deliveries keeps to, between two processes on one PostgreSQL database: each test gets both anew. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Engine } from "../../src/app/commands.ts";
import { openPostgresEngine } from "../../src/app/open-postgres-engine.ts";
import { sampleSeed } from "../../src/config/sample-org.ts";
import { systemClock } from "../../src/config/system.ts";
import { type Claim, type Settlement, settlementOf } from "../../src/core/attempt.ts";
import { wholeRoom } from "../../src/core/claim-room.ts";
import { limits } from "../../src/core/limits.ts";
import type { ClaimAsk, DeliveryQueue } from "../../src/queue/delivery-queue.ts";

export type QueueKind = {
  readonly name: string;
  /** An empty database with the schema in it. */
  database(): Promise<string>;
  /** The queue of one process; `group` is the same for all on a database. */
  open(engine: Engine, group: string): Promise<DeliveryQueue>;
};

const caller = { org: 1, userId: "", scopes: [] };
const ask: ClaimAsk = { limit: 50, leaseMs: 60_000, room: wholeRoom };

/** One process. */
export class Node implements AsyncDisposable {
  readonly engine: Engine;
  readonly queue: DeliveryQueue;
  #wake = Promise.withResolvers<void>();

  private constructor(engine: Engine, queue: DeliveryQueue) {
    this.engine = engine;
    this.queue = queue;
    queue.onClaimable(() => {
      this.#wake.resolve();
      this.#wake = Promise.withResolvers();
    });
  }

  static async start(kind: QueueKind, url: string): Promise<Node> {
    const options = { clock: systemClock, realClock: systemClock, random: { next: () => 0.5 }, stopwatch: () => 0 };
    const engine = await openPostgresEngine(url, { ...options, targetPolicy: { allowedCidrs: ["127.0.0.0/8"] } });
    await engine.run("seed.apply", { seed: sampleSeed });
    return new Node(engine, await kind.open(engine, new URL(url).pathname.slice(1)));
  }

  /** Claims until there are so many, or `until` says so. */
  async take(count: number, over: Partial<ClaimAsk> = {}, until: () => boolean = () => false): Promise<readonly Claim[]> {
    const claims: Claim[] = [];
    while (claims.length < count && !until()) {
      const woken = this.#wake.promise;
      const got = await this.queue.claim({ ...ask, limit: Math.min(ask.limit, count - claims.length), ...over });
      claims.push(...got.claims);
      if (got.claims.length > 0) continue;
      const sleeping = new AbortController();
      const dueAt = Math.min(got.nextDueAt ?? Infinity, systemClock.now() + lookMs);
      await Promise.race([woken, systemClock.sleepUntil(dueAt, sleeping.signal).catch(() => undefined)]);
      sleeping.abort();
    }
    return claims;
  }

  async settle(
    claims: readonly Claim[],
    end: Settlement["end"] = "delivered",
    retryAfterMs: number | null = null,
  ): Promise<readonly boolean[]> {
    const entry = { startedAt: systemClock.now(), durationMs: 1, httpStatus: 200, error: null, responseBody: null, responseHeaders: "{}" };
    const attempt = end === "released" ? null : { ...entry, outcome: end };
    return this.queue.settle(claims.map((claim) => settlementOf(claim, { end, attempt, retryAfterMs })));
  }

  /** Subscribes a channel to leads; gives back its key. */
  async watch(channelId: string): Promise<number> {
    const item = { channel_id: channelId, events: ["Leads.all"], notify_url: "http://127.0.0.1:9/hook" };
    await this.engine.run("watch.write", { caller: await this.caller(), version: "v6", mode: "enable", items: [item] });
    const { channels } = await this.engine.run("operate.channels", { afterKey: null, limit: 100 });
    const channel = channels.find((each) => each.channelId === channelId);
    assert.ok(channel !== undefined);
    return channel.key;
  }

  async insert(count: number): Promise<readonly string[]> {
    const items = Array.from({ length: count }, (_, at) => ({ Last_Name: `Lead ${String(at)}` }));
    const one = async (item: object): Promise<string> => {
      const made = await this.engine.run("records.write", {
        caller: await this.caller(),
        module: "Leads",
        operation: "insert",
        items: [item],
        idInPath: null,
      });
      assert.ok(made.ok);
      const [result] = made.value.results;
      assert.ok(result?.ok === true);
      return result.value.id;
    };
    return Promise.all(items.map(one));
  }

  async edit(id: string, name: string): Promise<void> {
    const items = [{ id, Last_Name: name }];
    const done = await this.engine.run("records.write", {
      caller: await this.caller(),
      module: "Leads",
      operation: "update",
      items,
      idInPath: null,
    });
    assert.ok(done.ok);
  }

  async caller(): Promise<typeof caller> {
    const { rows } = await this.engine.run("access.users", { zgid: null, cursor: null, limit: 1 });
    return { ...caller, userId: rows[0]?.id ?? "" };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.queue.stop();
    await this.engine.close();
  }
}

/** The longest that nothing is looked at. */
const lookMs = 1_000;

const idsOf = (claims: readonly Claim[]): readonly number[] => claims.map(({ deliveryId }) => deliveryId);
const recordOf = (claim: Claim | undefined): string => (JSON.parse(claim?.recordIds ?? "[]") as string[]).join();

export function queueContract(kind: QueueKind): void {
  const titled = (title: string): string => `${kind.name}: ${title}`;

  void test(titled("each delivery is handed to one of two processes, once"), async () => {
    const url = await kind.database();
    await using one = await Node.start(kind, url);
    await using other = await Node.start(kind, url);
    await one.watch("1");
    const count = 60;
    const heard: Claim[] = [];
    const takeAll = async (node: Node): Promise<void> => {
      while (heard.length < count) {
        const claims = await node.take(1, { limit: 5 }, () => heard.length >= count);
        heard.push(...claims);
        assert.ok((await node.settle(claims)).every(Boolean), "each claim held");
      }
    };
    const [ids] = await Promise.all([one.insert(count), takeAll(one), takeAll(other)]);
    assert.equal(new Set(idsOf(heard)).size, heard.length);
    assert.deepEqual(new Set(heard.map(recordOf)), new Set(ids));
  });

  void test(titled("of a record's deliveries the next comes when the one before is settled"), async () => {
    const url = await kind.database();
    await using node = await Node.start(kind, url);
    await node.watch("1");
    const [id = ""] = await node.insert(1);
    await node.edit(id, "Second");
    await node.edit(id, "Third");
    const seen: string[] = [];
    for (let step = 0; step < 3; step += 1) {
      const [claim, ...more] = await node.take(1, { limit: 10 });
      assert.ok(claim !== undefined && more.length === 0, "one at a time");
      seen.push(`${claim.operation} ${claim.module}`);
      await node.settle([claim]);
    }
    assert.deepEqual(seen, ["insert Leads", "update Leads", "update Leads"]);
  });

  void test(titled("what failed comes again when it is due, with its attempt counted, and what was released with none"), async () => {
    const url = await kind.database();
    await using node = await Node.start(kind, url);
    await node.watch("1");
    await node.insert(1);
    const [first] = await node.take(1);
    assert.ok(first !== undefined);
    await node.settle([first], "released", 200);
    const [released] = await node.take(1);
    assert.ok(released !== undefined && released.attemptsMade === 0 && released.deliveryId === first.deliveryId);
    const failedAt = systemClock.now();
    await node.settle([released], "retryable");
    const [again] = await node.take(1);
    assert.ok(again !== undefined && again.attemptsMade === 1 && again.deliveryId === first.deliveryId);
    assert.ok(systemClock.now() - failedAt >= 4_000, "not before its time");
    assert.deepEqual(await node.settle([first]), [false], "the claim that ended ends nothing");
    assert.deepEqual(await node.settle([again]), [true]);
  });

  void test(titled("what has no room is left, and comes when there is some"), async () => {
    const url = await kind.database();
    await using node = await Node.start(kind, url);
    await node.watch("1");
    const ids = await node.insert(6);
    const two = await node.take(2, { room: { ...wholeRoom, orgs: [[1, 2]] } });
    assert.equal(two.length, 2);
    const { claims } = await node.queue.claim({ ...ask, room: { ...wholeRoom, orgs: [[1, 0]] } });
    assert.deepEqual(claims, []);
    const rest = await node.take(4);
    assert.deepEqual(new Set([...two, ...rest].map(recordOf)), new Set(ids));
  });

  void test(titled("nothing of a paused channel is handed out until it is resumed"), async () => {
    const url = await kind.database();
    await using node = await Node.start(kind, url);
    await using other = await Node.start(kind, url);
    const paused = await node.watch("1");
    await node.insert(1);
    await node.settle(await node.take(1));
    const ids = await node.insert(3);
    assert.ok((await other.engine.run("operate.steerChannel", { channelKey: paused, act: { kind: "pause" } })).ok);
    // So old may be what a queue has been told of a channel.
    await systemClock.sleepUntil(systemClock.now() + limits.freshBatchMs, new AbortController().signal);
    await node.watch("2");
    const [own] = await node.insert(1);
    const claims = await node.take(1);
    assert.deepEqual(claims.map(recordOf), [own], "of the other channel alone");
    assert.ok(claims.every(({ channelId }) => channelId === "2"));
    await node.settle(claims);
    assert.ok((await other.engine.run("operate.steerChannel", { channelKey: paused, act: { kind: "resume" } })).ok);
    const late = await node.take(3);
    assert.deepEqual(new Set(late.map(recordOf)), new Set(ids));
    assert.ok(late.every(({ channelKey }) => channelKey === paused));
  });

  void test(titled("what a process had in hand when it died another is handed, and the dead one's word is worth nothing"), async () => {
    const url = await kind.database();
    await using other = await Node.start(kind, url);
    await other.watch("1");
    await using dead = await Node.start(kind, url);
    const ids = await dead.insert(3);
    const claims = await dead.take(3, { leaseMs: 1_000 });
    await dead.queue.stop();
    const again = await other.take(3);
    assert.deepEqual(new Set(again.map(recordOf)), new Set(ids));
    assert.deepEqual(new Set(idsOf(again)), new Set(idsOf(claims)));
    assert.deepEqual(await dead.settle(claims), [false, false, false]);
    assert.deepEqual(await other.settle(again), [true, true, true]);
  });
}
