/** How claims and settlements cross the thread boundary: they are many in one command, and packed. Everything else goes as it is. */
import type { AttemptEntry, Claim, Settlement } from "../core/attempt.ts";
import type { Output } from "./commands.ts";
import type { Job, Reply } from "./executor.ts";
import { type Packed, type ReaderOf, packRows, unpackRows } from "./packed-rows.ts";

/** `attempts` has a row for each settlement; `isMade` says whether it counts. */
type PackedSettlements = { readonly settlements: Packed; readonly attempts: Packed; readonly isMade: readonly boolean[] };

export type PackedJob =
  Exclude<Job, { readonly name: "dispatch.settle" }> | { readonly name: "dispatch.settle"; readonly packed: PackedSettlements };

export type PackedReply = Reply | { readonly ok: true; readonly packed: Packed; readonly rest: Omit<Output<"dispatch.claim">, "claims"> };

export function packJob(job: Job): PackedJob {
  return job.name === "dispatch.settle" ? { name: job.name, packed: packSettlements(job.input.settlements) } : job;
}

export function unpackJob(job: PackedJob): Job {
  return "packed" in job ? { name: job.name, input: { settlements: unpackSettlements(job.packed) } } : job;
}

export function packReply(reply: Reply): PackedReply {
  if (!reply.ok || !isClaimed(reply.output)) return reply;
  const { claims, ...rest } = reply.output;
  return { ok: true, packed: packRows(claims), rest };
}

export function unpackReply(reply: PackedReply | undefined): Reply | undefined {
  if (reply === undefined || !("packed" in reply)) return reply;
  return { ok: true, output: { claims: unpackRows<Claim>(reply.packed, claimReader), ...reply.rest } };
}

/** No other output has claims. */
function isClaimed(output: unknown): output is Output<"dispatch.claim"> {
  return typeof output === "object" && output !== null && "claims" in output && "passedOver" in output;
}

const noAttempt: AttemptEntry = {
  startedAt: 0,
  durationMs: 0,
  outcome: "released",
  httpStatus: null,
  error: null,
  responseBody: null,
  responseHeaders: null,
};

function packSettlements(settlements: readonly Settlement[]): PackedSettlements {
  return {
    settlements: packRows(settlements.map(({ attempt: _attempt, ...rest }) => rest)),
    attempts: packRows(settlements.map(({ attempt }) => attempt ?? noAttempt)),
    isMade: settlements.map(({ attempt }) => attempt !== null),
  };
}

function unpackSettlements({ settlements, attempts, isMade }: PackedSettlements): readonly Settlement[] {
  const made = unpackRows<AttemptEntry>(attempts, attemptReader);
  const rows = unpackRows<Omit<Settlement, "attempt">>(settlements, settlementReader);
  return rows.map((row, index) => ({ ...row, attempt: isMade[index] === true ? (made[index] ?? null) : null }));
}

function claimReader(of: ReaderOf<Claim>): (index: number) => Claim {
  const org = of("org");
  const deliveryId = of("deliveryId");
  const claimToken = of("claimToken");
  const leaseUntil = of("leaseUntil");
  const attemptsMade = of("attemptsMade");
  const committedAt = of("committedAt");
  const channelKey = of("channelKey");
  const channelId = of("channelId");
  const orgEpoch = of("orgEpoch");
  const notifyUrl = of("notifyUrl");
  const token = of("token");
  const secret = of("secret");
  const previousSecret = of("previousSecret");
  const module = of("module");
  const operation = of("operation");
  const recordIds = of("recordIds");
  const affectedFields = of("affectedFields");
  const affectedValues = of("affectedValues");
  const notificationId = of("notificationId");
  const isReplay = of("isReplay");
  const isTest = of("isTest");
  const body = of("body");
  return (index) => ({
    org: org(index),
    deliveryId: deliveryId(index),
    claimToken: claimToken(index),
    leaseUntil: leaseUntil(index),
    attemptsMade: attemptsMade(index),
    committedAt: committedAt(index),
    channelKey: channelKey(index),
    channelId: channelId(index),
    orgEpoch: orgEpoch(index),
    notifyUrl: notifyUrl(index),
    token: token(index),
    secret: secret(index),
    previousSecret: previousSecret(index),
    module: module(index),
    operation: operation(index),
    recordIds: recordIds(index),
    affectedFields: affectedFields(index),
    affectedValues: affectedValues(index),
    notificationId: notificationId(index),
    isReplay: isReplay(index),
    isTest: isTest(index),
    body: body(index),
  });
}

function attemptReader(of: ReaderOf<AttemptEntry>): (index: number) => AttemptEntry {
  const startedAt = of("startedAt");
  const durationMs = of("durationMs");
  const outcome = of("outcome");
  const httpStatus = of("httpStatus");
  const error = of("error");
  const responseBody = of("responseBody");
  const responseHeaders = of("responseHeaders");
  return (index) => ({
    startedAt: startedAt(index),
    durationMs: durationMs(index),
    outcome: outcome(index),
    httpStatus: httpStatus(index),
    error: error(index),
    responseBody: responseBody(index),
    responseHeaders: responseHeaders(index),
  });
}

function settlementReader(of: ReaderOf<Omit<Settlement, "attempt">>): (index: number) => Omit<Settlement, "attempt"> {
  const org = of("org");
  const deliveryId = of("deliveryId");
  const claimToken = of("claimToken");
  const channelKey = of("channelKey");
  const attemptsMade = of("attemptsMade");
  const recordIds = of("recordIds");
  const end = of("end");
  const retryAfterMs = of("retryAfterMs");
  return (index) => ({
    org: org(index),
    deliveryId: deliveryId(index),
    claimToken: claimToken(index),
    channelKey: channelKey(index),
    attemptsMade: attemptsMade(index),
    recordIds: recordIds(index),
    end: end(index),
    retryAfterMs: retryAfterMs(index),
  });
}
