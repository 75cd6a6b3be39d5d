/** Which process gives which ids (`id-slots.ts`): each slot with the id from which on it is free. */
import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";
import { limits } from "../../../core/limits.ts";

export const idSlots: Migration = {
  up: async (db: Kysely<unknown>) => {
    await sql.raw("create table id_slots (slot int primary key, until bigint not null)").execute(db);
    await sql.raw(`insert into id_slots (slot, until) select n, 0 from generate_series(0, ${String(limits.idSlots - 1)}) as n`).execute(db);
  },
};
