/**
 * Ways to break the engine, each as the text that it changes. The simulation has to catch every one of them; what it does not catch, nothing
 * holds. A text that is no longer in the tree is a finding too: the mutation then has to follow the code.
 */
import { handMutations } from "./hand-mutations.ts";
import { type Mutation, engineFiles } from "./mutation.ts";

const { claim, deliveries, lines, handOut, keep, executor, notify, channel, delivery, dispatcher, lanes } = engineFiles;

const fence: readonly Mutation[] = [
  {
    name: "no fence",
    what: "a settlement does not ask whose claim it is",
    edits: [{ file: deliveries, find: `\n      .where("claim_token", "=", arg<string>("claimToken")),`, replace: "," }],
  },
  {
    name: "lease ignored",
    what: "what is claimed is handed out again before its lease is over",
    edits: [
      {
        file: claim,
        find: `        .where("due_at", "<=", arg<number>("now"))`,
        replace: `        .where((row) => row.or([row("due_at", "<=", arg<number>("now")), row("status", "=", sql.lit("claimed"))]))`,
      },
    ],
  },
  {
    name: "settled before the POST",
    what: "a delivery counts as delivered before it is sent",
    edits: [
      {
        file: dispatcher,
        find: `    const attempted = await (`,
        replace: `    const early = settlementOf(claim, { end: "delivered", attempt: null, retryAfterMs: null });
    this.#settler.add({ settlement: early, leaseUntil: claim.leaseUntil, committedAt: null });
    const attempted = await (`,
      },
    ],
  },
  {
    name: "sent twice",
    what: "an attempt that failed is made again at once, under the same claim",
    edits: [
      {
        file: dispatcher,
        find: `    const attempted = await (`,
        replace: `    await (this.#options.attempt ?? attempt)(claim, this.#context);
    const attempted = await (`,
      },
    ],
  },
  {
    name: "settlement dropped",
    what: "a settlement that did not land is not made again",
    edits: [
      {
        file: "src/dispatch/settler.ts",
        find: `if (!hasLanded && !this.#isGivingUp) this.#owed = [...batch, ...this.#owed];`,
        replace: ``,
      },
    ],
  },
  {
    name: "lease outrun",
    what: "a claim is kept however long it waits, and its POST begins although its lease may end before it",
    edits: [
      { file: dispatcher, find: `leaseMs > this.#limits.attemptTimeoutMs && this.#circuits`, replace: `leaseMs > 0 && this.#circuits` },
      { file: dispatcher, find: `this.#lanes.takeLate(now)`, replace: `this.#lanes.takeLate(-Infinity)` },
    ],
  },
  {
    name: "claims outlive the process",
    what: "a start leaves the claims of the process before",
    edits: [{ file: "src/app/worker.ts", find: `tx.deliveries.releaseAll(now)`, replace: `undefined` }],
  },
];

const commit: readonly Mutation[] = [
  {
    name: "second transaction",
    what: "deliveries are inserted in a transaction of their own, after the write's commit",
    edits: [
      {
        file: notify,
        find: `    await context.tx.deliveries.insert(`,
        replace: `    Object(globalThis).later.push(async (tx: typeof context.tx) => tx.deliveries.insert(`,
      },
      { file: notify, find: `      context.hand,\n    );`, replace: `    ));` },
      { file: executor, find: `export class Executor {`, replace: `Object(globalThis).later = [];\nexport class Executor {` },
      {
        file: executor,
        find: `      this.#directory.follow(raised);`,
        replace: `      const later = Object(globalThis).later.splice(0);
      if (later.length > 0) await this.#parts.store.transaction(async (tx) => { for (const work of later) await work(tx); });
      this.#directory.follow(raised);`,
      },
    ],
  },
  {
    name: "memory ahead of the commit",
    what: "a commit that fails leaves its channels in memory",
    edits: [
      {
        file: executor,
        find: `      this.#directory.clear();
      const isOfCommand`,
        replace: `      const isOfCommand`,
      },
    ],
  },
];

const order: readonly Mutation[] = [
  {
    name: "no line joined",
    what: "a delivery does not wait behind an earlier one of its record",
    edits: [
      {
        file: deliveries,
        find: `const blockers = isInOrder ? countBlockers(delivery) : 0;`,
        replace: `const blockers = isInOrder ? countBlockers(delivery) * 0 : 0;`,
      },
    ],
  },
  {
    name: "line left silently",
    what: "a delivery that ends does not let the next of its record go",
    edits: [{ file: lines, find: `next !== null && unblock(`, replace: `next !== null && recordId === "" && unblock(` }],
  },
  {
    name: "let go too early",
    what: "a delivery of several records goes when it is the first for one of them",
    edits: [{ file: lines, find: "sql<boolean>`blockers = 1`", replace: "sql<boolean>`blockers >= 1`" }],
  },
  {
    name: "hint forgotten",
    what: "a settlement that lets another delivery go tells nobody, not even its lane",
    edits: [
      {
        file: handOut,
        find: `if (before.isAnyFree || isGivenBack)`,
        replace: `if (isGivenBack)`,
      },
      { file: deliveries, find: `    if (isAnyFree) lanes.wake(org, channelKey, now);\n`, replace: `` },
    ],
  },
];

const wakes: readonly Mutation[] = [
  {
    name: "retry forgotten",
    what: "a delivery that failed is not looked at when its wait is over",
    edits: [{ file: deliveries, find: `      lanes.wake(org, channelKey, dueAt);\n      return false;`, replace: `      return false;` }],
  },
  {
    name: "write unheard",
    what: "a write that owes something wakes nobody",
    edits: [{ file: notify, find: `    context.noteDelivery();\n`, replace: "" }],
  },
  {
    name: "resume unheard",
    what: "a channel that is let go wakes nobody",
    edits: [
      {
        file: keep,
        find: `    await context.tx.deliveries.wake(home.org.key, channel.key, context.now);
    context.noteDelivery();`,
        replace: ``,
      },
    ],
  },
];

const channels: readonly Mutation[] = [
  {
    name: "held channel hears",
    what: "a paused or disabled channel is owed what changes",
    edits: [{ file: channel, find: `return channel.state === "active" && isLive(channel, now);`, replace: `return isLive(channel, now);` }],
  },
  {
    name: "expired channel hears",
    what: "a channel is owed what is committed after its end",
    edits: [
      { file: channel, find: `return channel.state === "active" && isLive(channel, now);`, replace: `return channel.state === "active";` },
    ],
  },
  {
    name: "expiry late by one",
    what: "a channel is owed what is committed in the very instant of its end",
    edits: [{ file: channel, find: `return now < channel.expiresAt;`, replace: `return now <= channel.expiresAt;` }],
  },
  {
    name: "held channel served",
    what: "a claim takes what is owed to a paused or disabled channel",
    edits: [{ file: claim, find: `if (target?.health.state !== "active") {`, replace: `if (target === null) {` }],
  },
  {
    name: "nothing cancelled",
    what: "what is owed to a channel that is given up stays owed",
    edits: [
      {
        file: keep,
        find: `  await cancel(context, channel, null);`,
        replace: ``,
      },
    ],
  },
  {
    name: "module kept",
    what: "what is owed for a module that the channel watches no more stays owed",
    edits: [
      {
        file: keep,
        find: `    await cancel(context, channel, module);`,
        replace: ``,
      },
    ],
  },
  {
    name: "condition ignored",
    what: "a channel with a condition hears of every change",
    edits: [
      { file: "src/core/watch-index.ts", find: `group.condition !== null && isMet(group.condition, changed)`, replace: `true` },
      {
        file: "src/core/watch-index.ts",
        find: `  if (condition === null) return [];`,
        replace: `  if (condition !== null) return [always];`,
      },
    ],
  },
  {
    name: "purge too eager",
    what: "the purge removes what is still owed",
    edits: [
      {
        file: "src/store/sql/retention.ts",
        find: `purge(["delivered", "cancelled"])`,
        replace: `purge(["delivered", "cancelled", "pending"])`,
      },
    ],
  },
  {
    name: "410 overlooked",
    what: "a channel whose target is gone is not disabled",
    edits: [{ file: channel, find: `end === "gone" ? "gone" :`, replace: `false ? "gone" :` }],
  },
];

const retries: readonly Mutation[] = [
  {
    name: "release counted",
    what: "a claim that was given back untried spends an attempt",
    edits: [
      {
        file: delivery,
        find: `status: "pending", attempts: claimed.attempts, dueAt: at.now`,
        replace: `status: "pending", attempts: claimed.attempts + 1, dueAt: at.now`,
      },
    ],
  },
  {
    name: "Retry-After ignored",
    what: "a receiver that asks for time is tried again by the schedule",
    edits: [{ file: delivery, find: `at.retryAfterMs === null ? waitMs : waitAsked(waitMs, at.retryAfterMs, at)`, replace: `waitMs` }],
  },
  {
    name: "schedule off by one",
    what: "each wait is the one of the attempt after",
    edits: [{ file: "src/core/retry.ts", find: `schedule.waitsMs[attemptsMade - 1]`, replace: `schedule.waitsMs[attemptsMade]` }],
  },
  {
    name: "attempt not logged",
    what: "an attempt is counted and does not stand in the log",
    edits: [{ file: deliveries, find: `if (attempt !== null) insert`, replace: `if (attempt !== null && status === "delivered") insert` }],
  },
];

const turns: readonly Mutation[] = [
  {
    name: "no turns of orgs",
    what: "every claim begins with the same org",
    edits: [{ file: claim, find: `      let steps = 0;`, replace: `      let steps = 0;\n      lastOrg = 0;` }],
  },
  {
    name: "no limit a channel",
    what: "one channel may take every slot",
    edits: [{ file: lanes, find: `lane.running < deliveriesInFlightPerChannelMax && `, replace: "" }],
  },
  {
    name: "no limit at all",
    what: "more POSTs run at once than there are slots",
    edits: [
      { file: lanes, find: `    if (this.#all.running >= this.#limits.deliveriesInFlightMax) return null;`, replace: `` },
      { file: dispatcher, find: `Math.min(this.#lanes.room, this.#limits.claimBatchMax)`, replace: `this.#limits.claimBatchMax` },
    ],
  },
  {
    name: "no limit an org",
    what: "one org may take every slot",
    edits: [{ file: lanes, find: `return isFree && org.running < deliveriesInFlightPerOrgMax;`, replace: `return isFree;` }],
  },
  {
    name: "no limit an origin",
    what: "one host may take every slot",
    edits: [{ file: lanes, find: ` && origin.running < deliveriesInFlightPerOriginMax;`, replace: `;` }],
  },
  {
    name: "circuits ignored",
    what: "a target that fails is sent to as ever",
    edits: [
      {
        file: dispatcher,
        find: `leaseMs > this.#limits.attemptTimeoutMs && this.#circuits.begin(inHand, this.#lanes, now)`,
        replace: `leaseMs > this.#limits.attemptTimeoutMs`,
      },
    ],
  },
  {
    name: "no probe",
    what: "nobody wakes for a circuit that lets its next attempt through",
    edits: [
      {
        file: dispatcher,
        find: `const probeAt = earlier(this.#circuits.nextProbeAt(askedAt), this.#circuits.nextProbeAt(clock.now()));`,
        replace: `const probeAt = null;`,
      },
    ],
  },
];

export const mutations: readonly Mutation[] = [
  ...fence,
  ...commit,
  ...order,
  ...wakes,
  ...channels,
  ...retries,
  ...turns,
  ...handMutations,
];
