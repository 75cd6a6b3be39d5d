import { type RawBuilder, type SqlBool, sql } from "kysely";
import { firstIdAt } from "../../core/commit-ids.ts";
import type { DeliveryFilter } from "../../core/attempt.ts";
import type { Operation } from "../../core/channel.ts";
import type { ClaimEnd, DeliveryStatus } from "../../core/delivery.ts";
import type { DeliveryDetailRow, DeliveryRow, DeliveryRows } from "../ports/deliveries.ts";
import { type Database, arg, isOrAny } from "./database.ts";
import { isInWindow, logWindow } from "./log-window.ts";
import type { Tables } from "./tables.ts";

/** What became of deliveries, for people and their tools to read. */
export function sqlDeliveryLog(db: Database): Pick<DeliveryRows, "list" | "byId" | "attemptsOf"> {
  const q = db.builder;
  const ofOrg = q.selectFrom("deliveries").selectAll().where("org", "=", arg<number>("org"));
  const isAbout = isAboutRecord(db);
  const pageOfLog = logWindow(db, "deliveries");
  const list = db.all(
    q
      .selectFrom("deliveries")
      .selectAll()
      .where(isInWindow)
      .where((row) =>
        row.and([
          isOrAny("channel_id", "channelId"),
          isOrAny("channel_key", "channelKey"),
          isOrAny("module", "module"),
          isOrAny("status", "status"),
          isAbout,
        ]),
      )
      .orderBy("id", "desc")
      .limit(arg<number>("limit")),
  );
  const byId = db.first(ofOrg.where("id", "=", arg<number>("id")));
  const attemptsOf = db.all(
    q
      .selectFrom("attempts")
      .selectAll()
      .where("org", "=", arg<number>("org"))
      .where("delivery_id", "=", arg<number>("id"))
      .orderBy("number"),
  );
  return {
    list: async (org, filter, look) => {
      const { beforeId, fromId, ...rest } = listArguments(filter);
      const { rows, nextId } = await pageOfLog({ org, beforeId, fromId, limit: filter.limit, look }, (window) =>
        list({ ...rest, ...window }),
      );
      return { rows: rows.map(readDelivery), nextId };
    },
    byId: async (org, id) => {
      const row = await byId({ org, id });
      return row === null ? null : readDeliveryDetail(row);
    },
    attemptsOf: async (org, id) =>
      (await attemptsOf({ org, id })).map((row) => ({
        number: row.number,
        startedAt: row.started_at,
        durationMs: row.duration_ms,
        outcome: row.outcome as ClaimEnd,
        httpStatus: row.http_status,
        error: row.error,
        responseBody: row.response_body,
        responseHeaders: row.response_headers === null ? null : (JSON.parse(row.response_headers) as Record<string, string>),
      })),
  };
}

/** The delivery's records are among them the argument `quotedId`, or that is null. */
export function isAboutRecord(db: Database): RawBuilder<SqlBool> {
  const quotedId = arg<string>("quotedId");
  return sql<SqlBool>`(${db.dialect.contains(sql.ref("record_ids"), quotedId)} or ${quotedId} is null)`;
}

function listArguments(filter: DeliveryFilter) {
  return {
    channelId: filter.channelId,
    module: filter.module,
    status: filter.status,
    quotedId: filter.recordId === null ? null : JSON.stringify(filter.recordId),
    channelKey: filter.channelKey,
    beforeId: Math.min(filter.beforeId ?? Number.MAX_SAFE_INTEGER, firstIdAt(filter.until ?? Infinity)),
    fromId: firstIdAt(filter.from ?? 0),
  };
}

export function readDelivery(row: Tables["deliveries"]): DeliveryRow {
  return {
    id: row.id,
    channelId: row.channel_id,
    channelKey: row.channel_key,
    module: row.module,
    operation: row.operation as Operation,
    recordIds: JSON.parse(row.record_ids) as string[],
    status: row.status as DeliveryStatus,
    attempts: row.attempts,
    committedAt: row.committed_at,
    dueAt: row.due_at,
    settledAt: row.settled_at,
    replayOf: row.replay_of,
    replayedAs: row.replayed_as,
    isReplay: row.is_replay === 1,
    isTest: row.is_test === 1,
  };
}

export function readDeliveryDetail(row: Tables["deliveries"]): DeliveryDetailRow {
  return {
    ...readDelivery(row),
    affectedFields: row.affected_fields,
    affectedValues: row.affected_values,
    body: row.body,
    write: row.write,
  };
}
