/** The part of the store contract that is about lists of records, links between them, and the store's own settings. */
import assert from "node:assert/strict";
import { limits } from "../../src/core/limits.ts";
import type { CrmRecord } from "../../src/core/record.ts";
import type { RecordBounds, RecordListing, RecordSort } from "../../src/store/ports/records.ts";
import type { Store, Tx } from "../../src/store/store.ts";

type StoreCase = readonly [title: string, body: (store: Store, orgKey: number) => Promise<void>];

const deal: CrmRecord = {
  id: "101",
  module: "Deals",
  values: { Deal_Name: "Renewal" },
  createdAt: 10,
  createdBy: "5",
  modifiedAt: 10,
  modifiedBy: "5",
};
const byId: RecordSort = { by: "id", order: "asc" };
const lead = { ...deal, module: "Leads" };
const dealEnd = { module: "Deals", id: "101" };
const leadEnd = { module: "Leads", id: "201" };

function listing(org: number, more: Partial<RecordListing> = {}): RecordListing {
  return { org, module: "Deals", sort: byId, offset: 0, limit: 9, ...more };
}

const sorts: readonly RecordSort[] = (["id", "Created_Time", "Modified_Time"] as const).flatMap((by) => [
  { by, order: "asc" },
  { by, order: "desc" },
]);

function placeValue(record: CrmRecord, { by }: RecordSort): number | string {
  return { id: record.id, Created_Time: record.createdAt, Modified_Time: record.modifiedAt }[by];
}

function inOrder(records: readonly CrmRecord[], sort: RecordSort): readonly string[] {
  const ascending = records.toSorted((one, other) => (placeValue(one, sort) < placeValue(other, sort) ? -1 : 1));
  return idsOf(sort.order === "asc" ? ascending : ascending.toReversed());
}

function within({ modifiedFrom = 0, createdFrom = 0, createdUntil = Infinity }: RecordBounds): (record: CrmRecord) => boolean {
  return ({ modifiedAt, createdAt }) => modifiedAt >= modifiedFrom && createdAt >= createdFrom && createdAt <= createdUntil;
}

function idsOf(records: readonly { readonly id: string }[]): readonly string[] {
  return records.map(({ id }) => id);
}

async function insertAll(tx: Tx, org: number, records: readonly CrmRecord[]): Promise<void> {
  for (const record of records) await tx.records.insert(org, record);
}

export const recordCases: readonly StoreCase[] = [
  [
    "a list is bounded by when its records were made and modified, both ends included",
    async (store, org) => {
      await store.transaction(async (tx) => {
        await insertAll(
          tx,
          org,
          [1, 2, 3].map((at) => ({ ...deal, id: `10${at}`, createdAt: at, modifiedAt: 10 * at })),
        );
        assert.deepEqual(idsOf(await tx.records.list(listing(org, { createdFrom: 2 }))), ["102", "103"]);
        assert.deepEqual(idsOf(await tx.records.list(listing(org, { createdUntil: 2 }))), ["101", "102"]);
        assert.deepEqual(idsOf(await tx.records.list(listing(org, { modifiedFrom: 30 }))), ["103"]);
      });
    },
  ],
  [
    "a list is the same whichever way it is found: in its order, or by a bound and then sorted",
    async (store, org) => {
      await store.transaction(async (tx) => {
        const records = [7, 3, 5, 1, 6, 2, 4].map((at, index) => ({
          ...deal,
          id: `10${String(index)}`,
          createdAt: at,
          modifiedAt: 10 - at,
        }));
        await insertAll(tx, org, records);
        for (const sort of sorts) {
          for (const bounds of [{ modifiedFrom: 5 }, { createdFrom: 3, createdUntil: 6 }, { modifiedFrom: 6, createdFrom: 2 }]) {
            const expected = inOrder(records.filter(within(bounds)), sort);
            assert.deepEqual(idsOf(await tx.records.list(listing(org, { sort, ...bounds }))), expected);
            assert.deepEqual(
              idsOf(await tx.records.list(listing(org, { sort, ...bounds, offset: 1, limit: 2 }))),
              expected.slice(1, 3),
              JSON.stringify({ sort, bounds }),
            );
            const place = { value: placeValue(records[0] ?? deal, sort), id: "100" };
            const behind = inOrder(records, sort);
            assert.deepEqual(
              idsOf(await tx.records.listAfter({ ...listing(org, { ...bounds }), sort, place })),
              behind.slice(behind.indexOf("100") + 1).filter((id) => expected.includes(id)),
            );
          }
        }
      });
    },
  ],
  [
    "a bound that leaves in more records than a list sorts bounds it all the same",
    async (store, org) => {
      await store.transaction(async (tx) => {
        const old = { ...deal, id: "100", modifiedAt: 1 };
        await insertAll(tx, org, [
          old,
          ...Array.from({ length: limits.recordsSortedMax + 1 }, (_, index) => ({ ...deal, id: String(100_000 + index) })),
        ]);
        assert.deepEqual(idsOf(await tx.records.list(listing(org, { modifiedFrom: 2, limit: 2 }))), ["100000", "100001"]);
        assert.deepEqual(idsOf(await tx.records.list(listing(org, { modifiedFrom: 1, limit: 2 }))), ["100", "100000"]);
      });
    },
  ],
  [
    "a list goes on behind a place, whether its record is still there or not, ties by id",
    async (store, org) => {
      await store.transaction(async (tx) => {
        const times = [5, 3, 3, 9];
        await insertAll(
          tx,
          org,
          times.map((createdAt, index) => ({ ...deal, id: `10${index}`, createdAt })),
        );
        const after = async (sort: RecordSort, place: { value: number | string; id: string }) =>
          idsOf(await tx.records.listAfter({ ...listing(org), sort, place }));
        assert.deepEqual(await after({ by: "Created_Time", order: "asc" }, { value: 3, id: "101" }), ["102", "100", "103"]);
        assert.deepEqual(await after({ by: "Created_Time", order: "desc" }, { value: 3, id: "102" }), ["101"]);
        assert.deepEqual(await after(byId, { value: "101", id: "101" }), ["102", "103"]);
        await tx.records.remove(org, { ...deal, id: "102", createdAt: 3 });
        assert.deepEqual(await after({ by: "id", order: "desc" }, { value: "102", id: "102" }), ["101", "100"]);
      });
    },
  ],
  [
    "records are found by what a lookup of theirs holds, and by its module where it may have any",
    async (store, org) => {
      await store.transaction(async (tx) => {
        await insertAll(tx, org, [
          { ...deal, id: "101", values: { Account_Name: "7" } },
          { ...deal, id: "102", values: { Account_Name: "8" } },
          { ...deal, id: "103", values: {} },
          { ...deal, id: "104", module: "Tasks", values: { What_Id: "7", $se_module: "Deals" } },
          { ...deal, id: "105", module: "Tasks", values: { What_Id: "7", $se_module: "Leads" } },
        ]);
        const looking = { of: "7", parentModule: null };
        assert.deepEqual(idsOf(await tx.records.listLookups({ ...listing(org), ...looking, field: "Account_Name" })), ["101"]);
        assert.deepEqual(idsOf(await tx.records.listLookups({ ...listing(org), ...looking, field: "Contact_Name" })), []);
        const tasks = { ...listing(org, { module: "Tasks" }), of: "7", field: "What_Id", parentModule: "Leads" };
        assert.deepEqual(idsOf(await tx.records.listLookups(tasks)), ["105"]);
      });
    },
  ],
  [
    "records in the bin are not counted, but listed as deleted, the newest first",
    async (store, org) => {
      await store.transaction(async (tx) => {
        const records = ["101", "102", "103"].map((id) => ({ ...deal, id }));
        await insertAll(tx, org, records);
        for (const [index, record] of records.slice(0, 2).entries()) {
          await tx.records.remove(org, { ...record, modifiedAt: 20 + index, modifiedBy: "6" });
        }
        assert.equal(await tx.records.count(org, "Deals"), 1);
        assert.equal(await tx.records.count(org, "Leads"), 0);
        const deleted = async (after: number, until: number, offset = 0) =>
          tx.records.listDeleted({ org, module: "Deals", after, until, offset, limit: 9 });
        assert.deepEqual(idsOf(await deleted(0, 99)), ["102", "101"]);
        assert.deepEqual(idsOf(await deleted(20, 99)), ["102"]);
        assert.deepEqual(idsOf(await deleted(0, 20)), ["101"]);
        assert.deepEqual(idsOf(await deleted(0, 99, 1)), ["101"]);
        const [last] = await deleted(0, 99);
        assert.deepEqual([last?.deletedAt, last?.modifiedBy], [21, "6"]);
      });
    },
  ],
  [
    "a link is seen from both ends, changed by linking again, and ended from either",
    async (store, org) => {
      await store.transaction(async (tx) => {
        await insertAll(tx, org, [deal, { ...lead, id: "201" }]);
        await tx.links.put(org, { ends: [dealEnd, leadEnd], values: {} });
        await tx.links.put(org, { ends: [dealEnd, leadEnd], values: { Member_Status: "Active" } });
        assert.deepEqual(await tx.links.valuesOf(org, [leadEnd, dealEnd]), { Member_Status: "Active" });
        const linked = await tx.links.list({ ...listing(org, { module: "Leads" }), of: "101" });
        assert.deepEqual(linked, [{ record: { ...lead, id: "201" }, values: { Member_Status: "Active" } }]);
        assert.deepEqual(idsOf((await tx.links.list({ ...listing(org), of: "201" })).map(({ record }) => record)), ["101"]);
        assert.equal(await tx.links.remove(org, [leadEnd, dealEnd]), true);
        assert.equal(await tx.links.remove(org, [dealEnd, leadEnd]), false);
        assert.equal(await tx.links.valuesOf(org, [dealEnd, leadEnd]), null);
        assert.deepEqual(await tx.links.list({ ...listing(org, { module: "Leads" }), of: "101" }), []);
      });
    },
  ],
  [
    "a linked record in the bin is not listed, and links of another org are not seen",
    async (store, org) => {
      await store.transaction(async (tx) => {
        await insertAll(tx, org, [deal, { ...lead, id: "201" }]);
        await tx.links.put(org, { ends: [dealEnd, leadEnd], values: {} });
        assert.equal(await tx.links.valuesOf(org + 1, [dealEnd, leadEnd]), null);
        assert.deepEqual(await tx.links.list({ ...listing(org + 1, { module: "Leads" }), of: "101" }), []);
        await tx.records.remove(org, { ...lead, id: "201" });
        assert.deepEqual(await tx.links.list({ ...listing(org, { module: "Leads" }), of: "101" }), []);
      });
    },
  ],
  [
    "a setting is what it was last set to",
    async (store) => {
      await store.transaction(async (tx) => {
        assert.equal(await tx.settings.get("page_token_key"), null);
        await tx.settings.put("page_token_key", "a");
        await tx.settings.put("page_token_key", "b");
        assert.equal(await tx.settings.get("page_token_key"), "b");
      });
    },
  ],
];
