/**
 * What `listen` does: a receiver on this machine and a temporary channel that points to it. Whatever ends the command, the channel is
 * taken away; when even that fails, it expires by itself within the hour.
 */
import { randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { Complaint, usageFault } from "../complaint.ts";
import { exitCodes } from "../command.ts";
import type { Forwarded } from "./forward.ts";
import { forward } from "./forward.ts";
import type { Answered, Heard } from "./notification-lines.ts";
import { answeredLine, heardLine, notificationJson } from "./notification-lines.ts";
import type { Arrived, Receiver, ReceiverAnswer } from "./receiver.ts";
import { startReceiver } from "./receiver.ts";
import { checkSignature } from "./signature-check.ts";
import type { Subscription, Wish } from "./subscription.ts";
import { close, open, subscribe } from "./subscription.ts";
import type { AdminClient } from "../remote/admin-client.ts";
import { adminClient } from "../remote/admin-client.ts";
import type { CrmClient } from "../remote/crm-client.ts";
import { crmClient } from "../remote/crm-client.ts";
import { textAt } from "../remote/json-values.ts";
import { catchSignals } from "../signals.ts";
import type { Call } from "../tree/command-spec.ts";
import { flagCount, flagDurationMs, flagList, flagText } from "../tree/read-values.ts";
import { eventsDefault } from "./events-default.ts";

const countMax = 1_000_000;
const portMax = 65_535;
const checkMs = 15_000;
/** A channel lives for an hour; with less than this left it is renewed. */
const renewAheadMs = 30 * 60_000;

export async function runListen(call: Call): Promise<number> {
  const plan = readPlan(call);
  const admin = adminClient(call.connection);
  const signals = catchSignals();
  const over = new AbortController();
  void signals.first.then(() => over.abort());
  const session = createSession(call, plan, () => over.abort());
  let receiver: Receiver | null = null;
  try {
    const crm = await crmClient(admin, { org: flagText(call, "--org"), email: flagText(call, "--user") });
    const path = `/listen/${randomBytes(9).toString("hex")}`;
    receiver = await startReceiver({ host: plan.host, port: plan.port, path, handle: session.handle });
    const notifyUrl = `${plan.notifyOrigin ?? `http://${plan.host}:${String(receiver.port)}`}${path}`;
    const wish: Wish = { events: plan.events, notifyUrl, token: session.token };
    const subscription = await openOrExplain({ crm, admin, wish });
    try {
      session.begin(subscription);
      announce(call, { subscription, wish });
      await keep(call, { crm, admin, wish, subscription, signal: over.signal, timeoutMs: plan.timeoutMs });
    } finally {
      await takeAway(call, crm, subscription.channelId);
    }
  } finally {
    over.abort();
    session.abandon();
    await receiver?.stop();
    signals.release();
  }
  const isShort = plan.count !== null && session.heard() < plan.count && signals.received() === null;
  if (!isShort) return exitCodes.good;
  call.terminal.complain(`watchpost: ${String(session.heard())} of ${String(plan.count)} notifications came in time`);
  return exitCodes.failed;
}

type Plan = {
  readonly events: readonly string[];
  readonly host: string;
  readonly port: number;
  readonly notifyOrigin: string | null;
  readonly forwardTo: string | null;
  readonly count: number | null;
  readonly timeoutMs: number | null;
};

function readPlan(call: Call): Plan {
  const events = flagList(call, "--events");
  return {
    events: events.length === 0 ? eventsDefault : events,
    host: flagText(call, "--host") ?? "127.0.0.1",
    port: flagCount(call, "--port", { min: 0, max: portMax }) ?? 0,
    notifyOrigin: readUrl(call, "--notify-url")?.origin ?? null,
    forwardTo: readUrl(call, "--forward-to")?.href ?? null,
    count: flagCount(call, "--count", { min: 1, max: countMax }),
    timeoutMs: flagDurationMs(call, "--timeout"),
  };
}

function readUrl(call: Call, flag: `--${string}`): URL | null {
  const text = flagText(call, flag);
  if (text === null) return null;
  const url = URL.parse(text);
  if (url !== null && (url.protocol === "http:" || url.protocol === "https:")) return url;
  throw usageFault(`${flag} expects an http or https URL, not ${JSON.stringify(text)}`);
}

type Session = {
  readonly token: string;
  /** From now on signatures can be checked; what came before has waited. */
  begin(subscription: Subscription): void;
  /** There is no channel any more: what still waits is answered, so that nothing holds the receiver open. */
  abandon(): void;
  readonly handle: (arrived: Arrived) => Promise<ReceiverAnswer>;
  heard(): number;
};

function createSession(call: Call, { count, forwardTo }: Plan, end: () => void): Session {
  const { terminal, clock, isJson } = call;
  const token = randomBytes(12).toString("hex");
  const begun = Promise.withResolvers<Subscription>();
  let heardCount = 0;

  async function handle(arrived: Arrived): Promise<ReceiverAnswer> {
    const { secret } = await begun.promise;
    const body = parse(arrived.body);
    const webhookId = headerOf(arrived.headers, "webhook-id");
    const signed = {
      id: webhookId,
      timestamp: headerOf(arrived.headers, "webhook-timestamp"),
      signatures: headerOf(arrived.headers, "webhook-signature"),
      body: arrived.body,
    };
    const at = clock.now();
    const heard: Heard = { at, webhookId, body, signature: checkSignature(signed, secret), isTokenRight: textAt(body, "token") === token };
    if (!isJson) terminal.print(heardLine(heard, terminal.style));
    const { answer, fault }: Forwarded = forwardTo === null ? itself : await forward(forwardTo, arrived);
    const answered: Answered = { url: forwardTo ?? "this receiver", status: answer.status, tookMs: clock.now() - at, fault };
    terminal.print(isJson ? JSON.stringify(notificationJson(heard, answered)) : answeredLine(clock.now(), answered, terminal.style));
    heardCount += 1;
    if (count !== null && heardCount >= count) end();
    return answer;
  }

  begun.promise.catch(() => undefined);
  const abandon = (): void => begun.reject(new Error("there is no channel"));
  return { token, begin: begun.resolve, abandon, handle, heard: () => heardCount };
}

const itself: Forwarded = { answer: { status: 200, headers: {}, body: Buffer.alloc(0) }, fault: null };

type Parts = { readonly crm: CrmClient; readonly admin: AdminClient; readonly wish: Wish };

/** A target that the server refuses is the one thing that a newcomer runs into. */
async function openOrExplain({ crm, admin, wish }: Parts): Promise<Subscription> {
  try {
    return await open(crm, admin, wish);
  } catch (error) {
    if (!(error instanceof Complaint) || !error.message.includes("notify_url")) throw error;
    const advice = `It may not POST to ${new URL(wish.notifyUrl).host}: \`serve\` needs --allow-target for that network, \`dev\` allows this machine.`;
    throw new Complaint(exitCodes.refused, `${error.message}. ${advice}`, { cause: error });
  }
}

function announce(call: Call, { subscription, wish }: { readonly subscription: Subscription; readonly wish: Wish }): void {
  const { channelId, channelKey } = subscription;
  if (call.isJson) {
    const line = { ready: true, channel_id: channelId, channel_key: Number(channelKey), notify_url: wish.notifyUrl, events: wish.events };
    return call.terminal.print(JSON.stringify(line));
  }
  call.terminal.print(`Listening for ${wish.events.join(", ")} on channel ${channelId} (key ${channelKey}). Ctrl-C ends it.`);
}

type Keeping = Parts & { readonly subscription: Subscription; readonly signal: AbortSignal; readonly timeoutMs: number | null };

/** Renews the channel ahead of its expiry, by the server's clock, until the signal or the time is up. */
async function keep(call: Call, { crm, admin, wish, subscription, signal, timeoutMs }: Keeping): Promise<void> {
  const { clock, terminal } = call;
  const endsAt = timeoutMs === null ? Number.POSITIVE_INFINITY : clock.now() + timeoutMs;
  let { expiresAt } = subscription;
  while (clock.now() < endsAt) {
    try {
      await clock.sleepUntil(Math.min(endsAt, clock.now() + checkMs), signal);
    } catch (error) {
      if (signal.aborted) return;
      throw error;
    }
    try {
      const now = await admin.now();
      if (now < expiresAt - renewAheadMs) continue;
      const wasOver = now >= expiresAt;
      expiresAt = await subscribe(crm, subscription.channelId, wish);
      if (wasOver) terminal.complain("The channel had expired, for the server's clock was moved; it is subscribed again.");
    } catch (error) {
      // Expected: the server is being started again; the channel is there when it is back.
      if (!(error instanceof Complaint)) throw error;
      terminal.complain(`watchpost: ${error.message}`);
    }
  }
}

async function takeAway(call: Call, crm: CrmClient, channelId: string): Promise<void> {
  try {
    await close(crm, channelId);
  } catch (error) {
    // Expected: the server has ended before us.
    if (!(error instanceof Complaint)) throw error;
    call.terminal.complain(`watchpost: the channel ${channelId} is left to expire: ${error.message}`);
  }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8")) as unknown;
  } catch {
    // Expected: a form, or anything else that somebody sent here.
    return null;
  }
}

function headerOf(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name];
  return typeof value === "string" ? value : null;
}
