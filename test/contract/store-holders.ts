/** What every store must do to find the records that share a value: a part of the contract in `store.ts`. */
import assert from "node:assert/strict";
import type { CrmRecord, Values } from "../../src/core/record.ts";
import { limits } from "../../src/core/limits.ts";
import type { StoreCase } from "./store-credentials.ts";

function lead(id: string, values: Values): CrmRecord {
  return { id, module: "Leads", values, createdAt: 10, createdBy: "5", modifiedAt: 10, modifiedBy: "5" };
}

export const holderCases: readonly StoreCase[] = [
  [
    "the records that have one of the values are found, the oldest first, whatever the case of A to Z",
    async (store, org) => {
      await store.transaction(async (tx) => {
        const all = [
          { Email: "B@x.example" },
          { Email: "a@x.example" },
          { Email: "A@X.example" },
          { Email: "c@x.example" },
          { Email: null },
          {},
        ];
        for (const [index, values] of all.entries()) await tx.records.insert(org, lead(`10${index}`, values));
        assert.deepEqual(await tx.records.holders({ org, module: "Leads", field: "Email", keys: ["a@x.example", "b@x.example"] }), [
          { key: "b@x.example", id: "100" },
          { key: "a@x.example", id: "101" },
          { key: "a@x.example", id: "102" },
        ]);
        assert.deepEqual(await tx.records.holders({ org, module: "Leads", field: "Email", keys: ["null", ""] }), []);
      });
    },
  ],
  [
    "numbers are found by their digits, and texts with quotes and letters of other alphabets by themselves",
    async (store, org) => {
      await store.transaction(async (tx) => {
        const texts = [12, 'say "x"', "it's", "äÄ", "日本"];
        for (const [index, value] of texts.entries()) await tx.records.insert(org, lead(`10${index}`, { F: value }));
        for (const [index, key] of ["12", 'say "x"', "it's", "äÄ", "日本"].entries()) {
          assert.deepEqual(await tx.records.holders({ org, module: "Leads", field: "F", keys: [key] }), [{ key, id: `10${index}` }]);
        }
      });
    },
  ],
  [
    "a record in the bin, of another module or of another org holds nothing",
    async (store, org) => {
      await store.transaction(async (tx) => {
        const values = { Email: "a@x.example" };
        await tx.records.insert(org, lead("100", values));
        await tx.records.remove(org, lead("100", values));
        await tx.records.insert(org, { ...lead("101", values), module: "Contacts" });
        await tx.records.insert(org + 1, lead("102", values));
        assert.deepEqual(await tx.records.holders({ org, module: "Leads", field: "Email", keys: ["a@x.example"] }), []);
      });
    },
  ],
  [
    "of many records with a value the oldest are given, of each value as many",
    async (store, org) => {
      await store.transaction(async (tx) => {
        const count = limits.holdersPerKeyMax + 1;
        for (let index = 0; index < 2 * count; index += 1) {
          await tx.records.insert(org, lead(`${1_000 + index}`, { F: index < count ? "a" : "b" }));
        }
        const rows = await tx.records.holders({ org, module: "Leads", field: "F", keys: ["a", "b"] });
        assert.equal(rows.length, 2 * limits.holdersPerKeyMax);
        assert.deepEqual(
          [rows[0], rows.at(-1)],
          [
            { key: "a", id: "1000" },
            { key: "b", id: String(1_000 + 2 * count - 2) },
          ],
        );
      });
    },
  ],
];
