/** Ways to break what is claimed with the commit that makes it (`src/core/hand.ts`, `src/store/sqlite/in-hand.ts`). */
import { type Mutation, engineFiles } from "./mutation.ts";

const { claim, deliveries, inHand, laneRows, hand, executor } = engineFiles;

export const handMutations: readonly Mutation[] = [
  {
    name: "hand not seen",
    what: "a delivery that is in hand is not written down when another joins its line",
    edits: [{ file: deliveries, find: `inHand.writeDownLine(channelKey, recordId);`, replace: `void recordId;` }],
  },
  {
    name: "hand outlives the process",
    what: "a start leaves what was in hand of the process before",
    edits: [{ file: claim, find: `      inHand.releaseAll(now);\n`, replace: `` }],
  },
  {
    name: "lease in hand forgotten",
    what: "what is in hand stays there when its lease is over",
    edits: [{ file: claim, find: `      inHand.writeDownExpired(hand.order.now);\n`, replace: `` }],
  },
  {
    name: "retry in hand",
    what: "a delivery in hand that is to be tried again gets no place in its lines",
    edits: [{ file: deliveries, find: `      inHand.writeDown(deliveryId);\n`, replace: `      inHand.remove(deliveryId);\n` }],
  },
  {
    name: "hand without room",
    what: "what is made is claimed where its org, its origin or its channel has no room",
    edits: [{ file: hand, find: `return this.room.ofOrg(of.org) > 0 &&`, replace: `return true ||` }],
  },
  {
    name: "hand without end",
    what: "what is made is claimed beyond the limit of the claim",
    edits: [{ file: hand, find: `|| this.left <= 0 ||`, replace: `||` }],
  },
  {
    name: "hand not cancelled",
    what: "what is in hand stays owed to a channel that is given up",
    edits: [
      {
        file: "src/store/sqlite/delivery-ends.ts",
        find: `      inHand.writeDownChannel(channelKey);\n      inHand.disturb`,
        replace: `      inHand.disturb`,
      },
    ],
  },
  {
    name: "hand not undone",
    what: "a batch that is undone leaves what it claimed in hand",
    edits: [{ file: inHand, find: `    this.#memory.note(() => this.#drop(member));\n`, replace: `` }],
  },
  {
    name: "settlement not undone",
    what: "a settlement that is undone takes its delivery out of hand for good",
    edits: [{ file: inHand, find: `    this.#memory.note(() => this.#put(member));\n`, replace: `` }],
  },
  {
    name: "undone command handed out",
    what: "a claim keeps what a command made that was then undone alone",
    edits: [{ file: executor, find: `const isAlong = !context.isApart && `, replace: `const isAlong = ` }],
  },
  {
    name: "lane thought early",
    what: "a lane that is looked at some time is not woken for what is due before",
    edits: [{ file: laneRows, find: `if (known !== undefined && known <= dueAt) return;`, replace: `if (known !== undefined) return;` }],
  },
  {
    name: "lane remembered",
    what: "a lane whose wake was undone counts as woken",
    edits: [{ file: laneRows, find: `  memory.emptyOnUndo(() => dueAts.clear());\n`, replace: `` }],
  },
];
