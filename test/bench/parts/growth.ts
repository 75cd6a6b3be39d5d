/** One store that grows along one axis, and what the same few commands cost at each size. */
import { settlementOf } from "../../../src/core/attempt.ts";
import { limits } from "../../../src/core/limits.ts";
import { wholeRoom } from "../../../src/core/claim-room.ts";
import { Filling, anyRecordId } from "../filling.ts";
import { play } from "../part.ts";
import type { Axis } from "../scale.ts";
import { median } from "../statistics.ts";

/** What the store holds of all that does not grow. */
const recordsAtLeast = 1_000;

const warmUpTurns = 3;
/** What a client asks for that polls so often. */
const latelyMs = 5_000;

const costNames = [
  "first command after the start",
  "first write after the start",
  "single write",
  "claim and settle one",
  "get a record",
  "list a page of records",
  "list a page, the last modified first",
  "list a page of what was modified lately",
  "page of the delivery log",
  "page of the change log",
] as const;
type CostName = (typeof costNames)[number];

type Growing = { readonly folder: string; readonly axis: Axis; readonly from: number; readonly until: number };

export type GrowthActs = typeof acts;
const acts = play({
  /** Makes the store: a channel that hears every edit, and some records. */
  begin: async ({ folder }: { readonly folder: string }): Promise<void> => {
    await using filling = await Filling.open(folder);
    await filling.app.subscribe("1", ["Leads.edit"]);
    await filling.app.subscribe("2", ["Leads.create", "Leads.delete"]);
    await filling.addRecords(0, recordsAtLeast);
  },

  grow: async ({ folder, axis, from, until }: Growing): Promise<void> => {
    await using filling = await Filling.open(folder);
    const [hearing, other] = await filling.channels();
    if (hearing === undefined || other === undefined) throw new Error("begin comes first");
    if (axis === "records") await filling.addRecords(Math.max(from, recordsAtLeast), until);
    else if (axis === "channels") await filling.addChannels(other, from, until);
    else await filling.addHistory(hearing, from, until);
  },

  /** The median of each cost over so many times, in µs. */
  costs: async (asked: { readonly folder: string; readonly records: number; readonly times: number }) => {
    await using filling = await Filling.open(asked.folder);
    const costs = costsOf(filling, Math.max(asked.records, recordsAtLeast));
    const measured: { readonly name: CostName; readonly microseconds: number }[] = [];
    for (const name of costNames) {
      const times: number[] = [];
      // There is one first of each only; the others are warmed up.
      const [warmUps, count] = name.startsWith("first ") ? [0, 1] : [warmUpTurns, asked.times];
      for (let turn = 0; turn < warmUps + count; turn += 1) {
        filling.app.now = Date.now();
        const startedMs = performance.now();
        await costs[name](turn);
        if (turn >= warmUps) times.push((performance.now() - startedMs) * 1_000);
      }
      measured.push({ name, microseconds: median(times) });
    }
    return measured;
  },
});

function costsOf({ app }: Filling, records: number): Readonly<Record<CostName, (turn: number) => Promise<unknown>>> {
  const { caller } = app;
  const everything = { module: null, recordId: null, zgid: null, from: null, until: null, beforeId: null, limit: 50 };
  const list = (sortBy: "id" | "Modified_Time", modifiedSince: number | null = null) =>
    app.run("records.list", {
      caller,
      module: "Leads",
      fields: ["Last_Name"],
      ids: null,
      page: { page: 1, perPage: limits.rowsPerPageMax },
      sortBy,
      sortOrder: "desc",
      filter: { modifiedSince, createdFrom: null, createdUntil: null, isNone: false },
    });
  const get = () => app.run("records.get", { caller, module: "Leads", id: anyRecordId(records) });
  const edit = (turn: number) => app.write("Leads", "update", { id: anyRecordId(records), Description: `edit ${turn} ${app.now}` });
  return {
    "first command after the start": get,
    "first write after the start": edit,
    "single write": edit,
    "claim and settle one": async () => {
      const { claims } = await app.run("dispatch.claim", { limit: 1, leaseMs: limits.leaseMs, room: wholeRoom });
      const [claim] = claims;
      if (claim === undefined) throw new Error("nothing is due");
      const answer = { httpStatus: 200, error: null, responseBody: null, responseHeaders: null };
      const attempt = { startedAt: app.now, durationMs: 1, outcome: "delivered", ...answer } as const;
      await app.run("dispatch.settle", { settlements: [settlementOf(claim, { end: "delivered", attempt, retryAfterMs: null })] });
    },
    "get a record": get,
    "list a page of records": () => list("id"),
    "list a page, the last modified first": () => list("Modified_Time"),
    "list a page of what was modified lately": () => list("id", app.now - latelyMs),
    "page of the delivery log": () => app.run("operate.deliveries", { ...everything, channelId: null, channelKey: null, status: null }),
    "page of the change log": () => app.run("changes.list", { ...everything, operation: null }),
  };
}
