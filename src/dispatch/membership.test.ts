import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../test/support/clock.ts";
import type { CommandName, Input, Output } from "../app/commands.ts";
import { limits } from "../core/limits.ts";
import type { NodeView } from "../core/node.ts";
import { everyRole } from "../core/role.ts";
import { silentEvents } from "../observe/events.ts";
import { createMembership } from "./membership.ts";

/** A store that knows nodes alone. */
class Nodes {
  readonly all = new Map<string, NodeView>();
  readonly removed: Input<"nodes.remove">[] = [];
  leader: string | null = null;
  isAway = false;
  #joined = 0;
  beats = 0;

  run<N extends CommandName>(name: N, input: Input<N>): Promise<Output<N>>;
  async run(name: CommandName, input: unknown): Promise<unknown> {
    await Promise.resolve();
    if (this.isAway) throw new Error("away");
    if (name === "nodes.join") return this.#join();
    if (name === "nodes.beat") return this.#beat(input as Input<"nodes.beat">);
    if (name === "nodes.remove") return this.#remove(input as Input<"nodes.remove">);
    this.leader = null;
    return null;
  }

  #join(): Output<"nodes.join"> {
    const id = `own${String((this.#joined += 1))}`;
    this.all.set(id, { id, roles: "all", beats: 0 });
    return { id };
  }

  #beat({ id, isCandidate }: Input<"nodes.beat">): Output<"nodes.beat"> {
    const node = this.all.get(id);
    if (node === undefined) return null;
    this.beats += 1;
    this.all.set(id, { ...node, beats: node.beats + 1 });
    if (isCandidate) this.leader ??= id;
    return { nodes: [...this.all.values()], isLeader: isCandidate && this.leader === id };
  }

  #remove(input: Input<"nodes.remove">): Output<"nodes.remove"> {
    this.removed.push(input);
    return { released: this.all.delete(input.id) ? 2 : null };
  }
}

function fixture() {
  const clock = new ManualClock(1_000_000);
  const nodes = new Nodes();
  const told: string[] = [];
  const events = {
    ...silentEvents,
    nodeRemoved: ({ node, released }: { node: string; released: number }) => void told.push(`${node} removed, ${String(released)}`),
    nodeLost: ({ node }: { node: string }) => void told.push(`${node} lost`),
    leadGained: () => void told.push("leads"),
    leadLost: () => void told.push("leads no more"),
  };
  const membership = createMembership({ engine: nodes, realClock: clock, stopwatch: () => clock.now(), events, roles: everyRole });
  const renewals: boolean[] = [];
  membership.tenure.onRenewed((isNew) => renewals.push(isNew));
  /** As many turns on, each to its end. */
  const turns = async (count: number): Promise<void> => {
    for (let made = 0; made < count; made += 1) {
      clock.advance(limits.nodeBeatMs);
      for (let settled = 0; settled < 20; settled += 1) await Promise.resolve();
    }
  };
  return { clock, nodes, told, membership, renewals, turns };
}

test("a node holds from its first beat on, and no more when it could show no other for a while", async () => {
  const { nodes, membership, renewals, turns } = fixture();
  assert.equal(membership.tenure.holds(), false);
  await membership.join();
  assert.equal(membership.tenure.holds(), true);
  assert.equal(membership.tenure.holder, "own1");
  nodes.isAway = true;
  await turns(2);
  assert.equal(membership.tenure.holds(), true);
  await turns(1);
  assert.equal(membership.tenure.holds(), false);
  nodes.isAway = false;
  renewals.length = 0;
  await turns(1);
  assert.equal(membership.tenure.holds(), true);
  assert.deepEqual(renewals, [false], "it goes on with what it has in hand");
  await membership.leave();
  assert.deepEqual(nodes.removed, [{ id: "own1", beats: null }]);
});

test("another that shows nothing in four looks is removed, one that beats or is new is not", async () => {
  const { nodes, told, membership, turns } = fixture();
  nodes.all.set("dead", { id: "dead", roles: "all", beats: 5 });
  nodes.all.set("alive", { id: "alive", roles: "all", beats: 5 });
  await membership.join();
  for (let look = 1; look < limits.nodeSilentLooksMax; look += 1) {
    nodes.all.set("alive", { id: "alive", roles: "all", beats: 5 + look });
    await turns(1);
  }
  assert.deepEqual(nodes.removed, []);
  nodes.all.set("alive", { id: "alive", roles: "all", beats: 50 });
  await turns(1);
  assert.deepEqual(nodes.removed, [{ id: "dead", beats: 5 }]);
  assert.deepEqual(told, ["leads", "dead removed, 2"]);
  await membership.leave();
});

test("looks that the store did not answer count for nothing against another", async () => {
  const { nodes, membership, turns } = fixture();
  nodes.all.set("other", { id: "other", roles: "all", beats: 5 });
  await membership.join();
  nodes.isAway = true;
  await turns(20);
  nodes.isAway = false;
  await turns(1);
  assert.deepEqual(nodes.removed, []);
  await membership.leave();
});

test("a node that was taken for dead comes back under a new name, leads no more, and says so to whoever had something in hand", async () => {
  const { nodes, told, membership, renewals, turns } = fixture();
  await membership.join();
  assert.equal(membership.lead.holds(), true);
  nodes.all.delete("own1");
  nodes.leader = "other";
  renewals.length = 0;
  await turns(1);
  assert.deepEqual(renewals, [true]);
  assert.equal(membership.tenure.holder, "own2");
  assert.equal(membership.lead.holds(), false);
  assert.deepEqual(told, ["leads", "own1 lost", "leads no more"]);
  await membership.leave();
});

test("a node that resigned takes the lead no more", async () => {
  const { nodes, membership, turns } = fixture();
  await membership.join();
  await membership.resign();
  assert.equal(nodes.leader, null);
  await turns(2);
  assert.equal(membership.lead.holds(), false);
  assert.equal(nodes.leader, null);
  await membership.leave();
});
