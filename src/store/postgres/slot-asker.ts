/** Grants of slots, each committed before any of its ids is given: a transaction that asked for one may be undone, and the grant stands. */
import type { Pool } from "pg";
import { asFault } from "./faults.ts";
import type { AskForSlot } from "./id-slots.ts";

const more = "update id_slots set until = $3 where slot = $1 and until = $2 returning slot";
/** Which is free from that id on, and which nobody else is taking. */
const other = `update id_slots set until = $2 where slot = (
  select slot from id_slots where until <= $1 order by slot limit 1 for update skip locked) returning slot`;

export function slotAsker(pool: Pool): AskForSlot {
  const ask = async (text: string, values: readonly number[]): Promise<number | null> => {
    try {
      return (await pool.query<{ slot: number }>(text, [...values])).rows[0]?.slot ?? null;
    } catch (error) {
      throw asFault(error);
    }
  };
  return async (from, until, had) => {
    // Of what lies between the old grant and the new one nobody else has had any.
    if (had !== null && (await ask(more, [had.slot, had.until, Math.max(until, had.until)])) !== null) {
      return { slot: had.slot, from: had.from, until: Math.max(until, had.until) };
    }
    const slot = await ask(other, [from, until]);
    return slot === null ? null : { slot, from, until };
  };
}
