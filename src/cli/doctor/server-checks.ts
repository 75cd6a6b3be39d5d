/** What `doctor` asks a running server: whether it is there, its clock, its channels, and what it could not deliver. */
import type { Connection } from "../../config/connection-options.ts";
import type { Clock } from "../../core/clock.ts";
import { Complaint } from "../complaint.ts";
import type { AdminClient } from "../remote/admin-client.ts";
import { adminClient } from "../remote/admin-client.ts";
import type { JsonObject } from "../remote/exchange.ts";
import { exchange } from "../remote/exchange.ts";
import { cellAt, numberAt, objectsAt, textAt, valueAt } from "../remote/json-values.ts";
import type { Check } from "./check.ts";
import { failure, good, warning } from "./check.ts";

export type Seen = {
  readonly checks: readonly Check[];
  /** Of the channels that are active. */
  readonly targets: readonly string[];
  /** Whether it is `dev`, which may POST to this machine. */
  readonly isDev: boolean;
};

const waitMs = 10_000;
const clockMsWarn = 5_000;
/** What receivers allow a timestamp to be off. */
const clockMsFail = 300_000;
const dayMs = 86_400_000;
const channelsMax = 10_000;
const deadMax = 200;
const namesShown = 5;

export async function serverChecks(connection: Connection, clock: Clock): Promise<Seen> {
  try {
    const alive = await exchange({ origin: connection.url, method: "GET", path: "/livez", authorization: null, body: null, waitMs });
    const askedAt = clock.now();
    const ready = await exchange({ origin: connection.url, method: "GET", path: "/readyz", authorization: null, body: null, waitMs });
    const reached = [good("server", `${connection.url} answers`), readyCheck(ready.status, ready.body)];
    if (connection.token === null) {
      const advice = "Give WATCHPOST_ADMIN_TOKEN, so that channels, targets and deliveries can be looked at.";
      const missing = warning("admin token", "none was given", advice);
      return { checks: [...reached, ...clockCheck(alive.serverNow, askedAt, null), missing], targets: [], isDev: false };
    }
    const admin = adminClient(connection);
    const virtual = await admin.send("GET", "/api/v1/clock");
    const aheadMs = virtual.status === 200 ? (numberAt(virtual.body, "offset_ms") ?? 0) : null;
    const known = await knownChecks(admin, alive.serverNow ?? askedAt);
    return { ...known, checks: [...reached, ...clockCheck(alive.serverNow, askedAt, aheadMs), ...known.checks], isDev: aheadMs !== null };
  } catch (error) {
    if (!(error instanceof Complaint)) throw error;
    return { checks: [failure("server", error.message, "Nothing more was asked of it.")], targets: [], isDev: false };
  }
}

function readyCheck(status: number, body: JsonObject): Check {
  if (status === 200) return good("readiness", "it is ready");
  const causes = objectsAt(body, "causes").map((cause) => `${cellAt(cause, "part")} since ${cellAt(cause, "since")}`);
  const detail = [`it says ${textAt(body, "status") ?? String(status)}`, ...causes].join(": ");
  return failure("readiness", detail, "See its log; `disk` means that the data folder cannot be written.");
}

/** `aheadMs`: how far the server's clock was moved; null: it keeps real time. */
function clockCheck(serverNow: number | null, now: number, aheadMs: number | null): readonly Check[] {
  if (serverNow === null) return [];
  const offMs = serverNow - now - (aheadMs ?? 0);
  if (aheadMs !== null && aheadMs > 0) return [good("clock", `virtual, ${(aheadMs / dayMs).toFixed(2)} days ahead of real time`)];
  // The header has whole seconds.
  if (Math.abs(offMs) <= clockMsWarn) return [good("clock", "within seconds of this machine's")];
  const detail = `${String(Math.round(offMs / 1_000))} s off this machine's`;
  const advice = "Set both by NTP: receivers refuse timestamps that are five minutes off.";
  return [Math.abs(offMs) > clockMsFail ? failure("clock", detail, advice) : warning("clock", detail, advice)];
}

async function knownChecks(admin: AdminClient, now: number): Promise<Omit<Seen, "isDev">> {
  const { rows } = await admin.list("/api/v1/channels", { key: "channels", limit: channelsMax });
  const dead = await admin.list("/api/v1/deliveries", { key: "deliveries", limit: deadMax, query: { status: "dead" } });
  const living = rows.filter((row) => Date.parse(textAt(row, "expires_at") ?? "") > now);
  const active = living.filter((row) => textAt(row, "state") === "active");
  const checks = [stateCheck(rows), failingCheck(active), expiryCheck(active, now), deadCheck(dead.rows.length, dead.nextCursor !== null)];
  return { checks, targets: active.map((row) => textAt(row, "notify_url") ?? "") };
}

function stateCheck(rows: readonly JsonObject[]): Check {
  const held = rows.filter((row) => textAt(row, "state") !== "active");
  const disabled = held.filter((row) => textAt(row, "state") === "disabled");
  if (disabled.length > 0) {
    const advice = "Nothing is sent to them: see to their receivers, then `watchpost channels resume KEY`.";
    return failure("channels", `disabled: ${namesOf(disabled)}`, advice);
  }
  if (held.length > 0) {
    return warning("channels", `paused: ${namesOf(held)}`, "What changes meanwhile is not owed: `watchpost channels resume KEY`.");
  }
  return good("channels", rows.length === 0 ? "there are none" : `${String(rows.length)}, none of them held`);
}

function failingCheck(active: readonly JsonObject[]): Check {
  const failing = active.filter((row) => typeof valueAt(row, "failing_since") === "string");
  if (failing.length === 0) return good("failing", "no channel's target fails");
  return warning(
    "failing",
    namesOf(failing),
    "`watchpost deliveries list --channel-key KEY`, then `show`, tells what their receivers answer.",
  );
}

function expiryCheck(active: readonly JsonObject[], now: number): Check {
  const expiring = active.filter((row) => Date.parse(textAt(row, "expires_at") ?? "") < now + dayMs);
  if (expiring.length === 0) return good("expiry", "no channel expires within 24 hours");
  const advice = "Their clients are to renew them; `watchpost channels renew KEY` does it by hand.";
  return warning("expiry", `within 24 hours: ${namesOf(expiring)}`, advice);
}

function deadCheck(count: number, isMore: boolean): Check {
  if (count === 0) return good("dead deliveries", "there are none");
  const advice = "`watchpost deliveries list --status dead` names them, `watchpost replays create --status dead` sends them again.";
  return warning("dead deliveries", isMore ? `more than ${String(count)}` : String(count), advice);
}

/** `3, 7 and 12 more`, by their keys. */
function namesOf(rows: readonly JsonObject[]): string {
  const keys = rows.slice(0, namesShown).map((row) => `key ${cellAt(row, "key")}`);
  const left = rows.length - keys.length;
  return `${keys.join(", ")}${left === 0 ? "" : ` and ${String(left)} more`}`;
}
