/**
 * The processes on the database. A node lives while its count of signs of life grows, which each of the others sees for itself, so that no two
 * clocks are compared. Whoever leads stands in a row that points to its node: a node that is removed leads no more, and who takes its lead waits
 * for the step that it has under way.
 */
import { type NodeView, holderPrefix } from "../../core/node.ts";
import type { NodeRows } from "../ports/nodes.ts";
import type { PostgresDatabase } from "./database.ts";
import type { Unwritten } from "./unwritten.ts";

export function postgresNodes(db: PostgresDatabase, unwritten: Pick<Unwritten, "wake">): NodeRows {
  const statements = nodeStatements(db);
  const release = async (prefixes: readonly string[], now: number, leaseUntil: number): Promise<number> => {
    let count = 0;
    for (const lane of await statements.release(prefixes, now, leaseUntil)) {
      unwritten.wake(lane.org, lane.channel_key, { dueAt: now });
      count += lane.claims;
    }
    return count;
  };
  return {
    join: async ({ id, roles, joinedAt }) => void (await statements.join(id, roles, joinedAt)),
    beat: async (id) => (await statements.beat(id)) === 1,
    all: () => statements.all(),
    remove: async ({ id, beats, now, leaseUntil }) => {
      if ((await statements.remove(id, beats)) === 0) return null;
      return release([holderPrefix(id)], now, leaseUntil);
    },
    free: ({ tokens, now, leaseUntil }) => release(tokens, now, leaseUntil),
    takeLead: async (id) => {
      await statements.takeLead(id);
      const [leader] = await statements.leader();
      return leader?.node ?? "";
    },
    giveUpLead: async (id) => void (await statements.giveUpLead(id)),
    holdLead: async (id) => (await statements.holdLead(id)).length === 1,
  };
}

function nodeStatements(db: PostgresDatabase) {
  return {
    join: db.askedChange("insert into nodes (id, roles, joined_at, beats) values ($1, $2, $3, 0)"),
    beat: db.askedChange("update nodes set beats = beats + 1 where id = $1"),
    all: db.asked<NodeView>("select id, roles, beats from nodes order by id"),
    remove: db.askedChange("delete from nodes where id = $1 and beats = coalesce($2::bigint, beats)"),
    // Along the lanes, and in each only what falls due within a lease: what is claimed, and few others.
    release: db.rows<{ org: number; channel_key: number; claims: number }>(
      `with held as materialized (
         select d.org, d.id from lanes as l cross join lateral (
           select e.org, e.id from deliveries as e
           where e.org = l.org and e.channel_key = l.channel_key and e.due_at > $2 and e.due_at <= $3 and e.status = 'claimed'
             and e.claim_token ^@ any ($1::text[])) as d
       ),
       freed as (
         update deliveries as d set status = 'pending', claim_token = null, due_at = $2 from held as h
         where d.org = h.org and d.id = h.id and d.status = 'claimed' and d.claim_token ^@ any ($1::text[])
         returning d.org, d.channel_key)
       select org, channel_key, count(*)::int as claims from freed group by org, channel_key`,
    ),
    takeLead: db.askedChange("insert into leaders (name, node) values ('upkeep', $1) on conflict do nothing"),
    leader: db.asked<{ node: string }>("select node from leaders where name = 'upkeep'"),
    giveUpLead: db.askedChange("delete from leaders where name = 'upkeep' and node = $1"),
    holdLead: db.asked<{ node: string }>("select node from leaders where name = 'upkeep' and node = $1 for share"),
  };
}
