/** The inbox of `dev`: a receiver on the server itself, so that a first notification needs no code, and what it took. */
import { readDuration } from "../core/duration.ts";
import { limits } from "../core/limits.ts";
import { parseObject, valueOf } from "../wire/lossless-json.ts";
import type { Json } from "../wire/json.ts";
import { invalidParameter } from "./admin-params.ts";
import { type Answer, ownAnswer, ownError } from "./answer.ts";
import { readBody } from "./body.ts";
import type { Inbox, InboxMessage } from "./inbox.ts";
import { type OwnCall, unknownOwnPath } from "./own-surface.ts";
import { readCount, readText } from "./query.ts";

/** `POST /inbox/…`: keeps what came and answers 200, or as the query says: `?status=500`, `?delay=3s`. */
export async function receiveMessage(call: OwnCall): Promise<Answer> {
  const { operator, raw, query } = call;
  const { inbox } = operator;
  if (inbox === null) return unknownOwnPath();
  const status = readCount(query, "status", { min: 200, max: 599, fallback: 200 });
  if (!status.ok) return invalidParameter(status.error);
  const delayText = readText(query, "delay");
  const delayMs = delayText === null ? 0 : readDuration(delayText);
  if (delayMs === null || delayMs > limits.inboxDelayMsMax) return invalidParameter({ code: "param_invalid", param: "delay" });
  const body = await readBody(raw, limits.inboxBodyBytesMax);
  if (!body.ok) return ownError(413, { code: "body_too_large", message: "The inbox does not take this body." });
  await keep(call, inbox, body.value.toString("utf8"));
  if (delayMs > 0) await pause(call, delayMs);
  // These two have no body, whatever one writes.
  const isBare = status.value === 204 || status.value === 304;
  return isBare ? { status: status.value, headers: [], text: null } : ownAnswer(status.value, { received: true });
}

/** `GET /api/v1/inbox`: the newest first. */
export async function showInbox({ operator, baseUrl }: OwnCall): Promise<Answer> {
  const { inbox } = operator;
  if (inbox === null) return Promise.resolve(noInbox());
  return Promise.resolve(ownAnswer(200, { url: `${baseUrl}/inbox/first`, messages: inbox.messages().map(messageJson) }));
}

/** `POST /api/v1/inbox/clear`. */
export async function clearInbox({ operator }: OwnCall): Promise<Answer> {
  const { inbox } = operator;
  if (inbox === null) return Promise.resolve(noInbox());
  inbox.clear();
  return Promise.resolve({ ...ownAnswer(204, {}), text: null });
}

async function keep({ engine, raw, now }: OwnCall, inbox: Inbox, body: string): Promise<void> {
  const notification = parseObject(body);
  const [channelId, token] = ["channel_id", "token"].map((key) => textOf(notification.ok ? valueOf(notification.value, key) : null));
  const webhookId = headerOf(raw, "webhook-id");
  const checks = await engine.run("inbox.check", {
    channelId: channelId ?? null,
    token: token ?? null,
    webhookId,
    timestamp: headerOf(raw, "webhook-timestamp"),
    signatures: headerOf(raw, "webhook-signature"),
    body,
  });
  inbox.put({
    receivedAt: now(),
    method: raw.method ?? "",
    path: raw.url ?? "",
    headers: Object.fromEntries(Object.entries(raw.headers).map(([name, value]) => [name, String(value)])),
    body,
    checks: { ...checks, isIdSeenBefore: inbox.seeId(webhookId) },
  });
}

/** Until the time has passed or the caller has gone. */
async function pause({ operator: { realClock }, raw }: OwnCall, ms: number): Promise<void> {
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  raw.socket.once("close", leave);
  // Expected: the sleep is cut short because the caller has gone.
  await realClock.sleepUntil(realClock.now() + ms, gone.signal).catch(() => undefined);
  raw.socket.off("close", leave);
}

function textOf(value: unknown): string | null {
  return typeof value === "string" || typeof value === "number" ? String(value) : null;
}

function headerOf(raw: OwnCall["raw"], name: string): string | null {
  const value = raw.headers[name];
  return typeof value === "string" ? value : null;
}

function noInbox(): Answer {
  return ownError(403, { code: "no_inbox", message: "Only watchpost dev has an inbox." });
}

function messageJson({ id, receivedAt, method, path, headers, body, checks }: InboxMessage): Json {
  const { signature, token, isIdSeenBefore } = checks;
  return {
    id,
    received_at: new Date(receivedAt).toISOString(),
    method,
    path,
    headers,
    body,
    checks: { signature, token, id_seen_before: isIdSeenBefore },
  };
}
