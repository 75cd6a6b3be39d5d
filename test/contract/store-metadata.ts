/** The part of the store's contract about custom modules and fields. */
import assert from "node:assert/strict";
import type { CrmRecord } from "../../src/core/record.ts";
import type { CustomModule } from "../../src/core/standard-catalog.ts";
import type { CustomFieldRow } from "../../src/store/ports/metadata.ts";
import type { Store } from "../../src/store/store.ts";

type StoreCase = readonly [title: string, body: (store: Store, orgKey: number) => Promise<void>];

const visits: CustomModule = {
  sequence: 4_000_000,
  apiName: "Visits",
  moduleName: "CustomModule1",
  singularLabel: "Visit",
  pluralLabel: "Visits",
};
const grade: CustomFieldRow = {
  module: "Visits",
  sequence: 4_000_100,
  apiName: "Grade",
  label: "Grade",
  dataType: "picklist",
  length: null,
  isMandatory: true,
  isUnique: true,
  pickListValues: [{ offset: 0, value: "G", label: "Good", isRemoved: false }],
  pickListSequence: 20_000_000,
  lookupModule: null,
  createdAt: 5,
  modifiedAt: 5,
};
const record: CrmRecord = {
  id: "554023000100000001",
  module: "Visits",
  values: { Name: "First", Grade: "G" },
  createdAt: 10,
  createdBy: "5",
  modifiedAt: 10,
  modifiedBy: "5",
};

export const metadataCases: readonly StoreCase[] = [
  [
    "a custom module is kept whole, its labels change, and another org does not see it",
    async (store, key) => {
      await store.transaction(async (tx) => {
        await tx.metadata.insertModule(key, visits);
        assert.deepEqual(await tx.metadata.modulesOf(key), [visits]);
        assert.deepEqual(await tx.metadata.modulesOf(key + 1), []);
        const changed = { ...visits, singularLabel: "Call", pluralLabel: "Calls on site" };
        await tx.metadata.updateModule(key, changed);
        assert.deepEqual(await tx.metadata.modulesOf(key), [changed]);
      });
    },
  ],
  [
    "a removed module is found no more, but its name is known, and free",
    async (store, key) => {
      await store.transaction(async (tx) => {
        await tx.metadata.insertModule(key, visits);
        assert.equal(await tx.metadata.hadModule(key, "Visits"), false);
        await tx.metadata.removeModule(key, visits.sequence, 9);
        assert.deepEqual(await tx.metadata.modulesOf(key), []);
        assert.equal(await tx.metadata.hadModule(key, "vISITS"), true);
        await tx.metadata.insertModule(key, { ...visits, sequence: 4_001_000 });
        assert.equal((await tx.metadata.modulesOf(key)).length, 1);
      });
    },
  ],
  [
    "two modules of one name cannot be, whatever its case",
    async (store, key) => {
      const twice = store.transaction(async (tx) => {
        await tx.metadata.insertModule(key, visits);
        await tx.metadata.insertModule(key, { ...visits, sequence: 4_001_000, apiName: "VISITS" });
      });
      await assert.rejects(twice);
    },
  ],
  [
    "a custom field is kept whole, and what may change changes",
    async (store, key) => {
      await store.transaction(async (tx) => {
        await tx.metadata.insertField(key, grade);
        assert.deepEqual(await tx.metadata.fieldsOf(key), [grade]);
        const changed = { ...grade, label: "Mark", length: 3, pickListValues: [], modifiedAt: 6 };
        await tx.metadata.updateField(key, changed);
        assert.deepEqual(await tx.metadata.fieldsOf(key), [changed]);
        assert.equal(await tx.metadata.countFields(key, "Visits"), 1);
        assert.equal(await tx.metadata.countFields(key, "Deals"), 0);
      });
    },
  ],
  [
    "fields come in the order in which they were made, and a removed one keeps its number",
    async (store, key) => {
      await store.transaction(async (tx) => {
        const later = { ...grade, sequence: 3_000_007, apiName: "Score", createdAt: 6 };
        await tx.metadata.insertField(key, later);
        await tx.metadata.insertField(key, grade);
        assert.deepEqual(
          (await tx.metadata.fieldsOf(key)).map(({ apiName }) => apiName),
          ["Grade", "Score"],
        );
        await tx.metadata.removeField(key, grade, 9);
        assert.deepEqual(await tx.metadata.fieldsOf(key), [later]);
        assert.equal(await tx.metadata.hadField(key, "Visits", "Grade"), true);
        assert.equal(await tx.metadata.hadField(key, "Visits", "Score"), false);
        assert.equal(await tx.metadata.hadField(key, "Deals", "Grade"), false);
        const range = { from: 4_000_100, until: 4_000_899 };
        assert.equal(await tx.metadata.lastFieldSequence(key, range), 4_000_100);
        assert.equal(await tx.metadata.lastFieldSequence(key, { from: 4_001_100, until: 4_001_899 }), null);
        await tx.metadata.insertField(key, { ...grade, sequence: 4_000_101 });
        assert.equal(await tx.metadata.lastFieldSequence(key, range), 4_000_101);
      });
    },
  ],
  [
    "a module is touched at the last of several times",
    async (store, key) => {
      await store.transaction(async (tx) => {
        await tx.metadata.touch(key, "Visits", 5);
        await tx.metadata.touch(key, "Deals", 6);
        await tx.metadata.touch(key, "Visits", 7);
        assert.deepEqual(Object.fromEntries(await tx.metadata.touchedAt(key)), { Deals: 6, Visits: 7 });
        assert.equal((await tx.metadata.touchedAt(key + 1)).size, 0);
      });
    },
  ],
  [
    "the values of one field, or the records of one module, are forgotten, those in the bin too",
    async (store, key) => {
      await store.transaction(async (tx) => {
        const binned = { ...record, id: "554023000100000002" };
        const other = { ...record, module: "Deals" };
        for (const one of [record, binned, other]) await tx.records.insert(key, one);
        await tx.records.remove(key, binned);
        await tx.records.dropValues(key, "Visits", "Grade");
        for (const { id } of [record, binned]) assert.deepEqual(await tx.records.valuesOf(key, "Visits", id), { Name: "First" });
        assert.deepEqual(await tx.records.valuesOf(key, "Deals", record.id), record.values);
        await tx.records.dropModule(key, "Visits");
        for (const { id } of [record, binned]) assert.equal(await tx.records.valuesOf(key, "Visits", id), null);
        assert.deepEqual(await tx.records.get(key, "Deals", record.id), other);
      });
    },
  ],
];
