/**
 * Takes callbacks in: verifies each by the channel's token, its signature or both, drops copies of what was handled, and gives the
 * rest to a handler as a typed notification. The sender gets 200 after the handler has succeeded, and not before; anything else makes it
 * try again.
 */
import { kitLimits } from "../limits.ts";
import { readBytes } from "../read-bytes.ts";
import { realClock } from "../system.ts";
import { type HeaderLookup, type Notification, type ReadCallback, readNotification } from "./notification.ts";
import { type SeenStore, memorySeenStore } from "./seen.ts";
import { signingKey, verifySignature } from "./signature.ts";
import { isSameText } from "./token.ts";

type Lookup<T> = (channelId: string) => T | null | Promise<T | null>;

export type ReceiverOptions = {
  /**
   * The signing secret, `whsec_…`; several while it is being changed; or a function, where every channel has its own. The function answers null
   * for a channel without one.
   */
  readonly secret?: string | readonly string[] | Lookup<string | readonly string[]>;
  /** The token that the channel was subscribed with; or a function, as above. At least one of `secret` and `token` is needed. */
  readonly token?: string | Lookup<string>;
  /** Called once for each notification. What it throws makes the sender try again. */
  readonly onNotification: (notification: Notification) => void | Promise<void>;
  /** Told what the handler threw. Without it, the error goes on to the framework. */
  readonly onError?: (error: unknown, notification: Notification) => void;
  /** Told why a request was refused, which its sender is not. */
  readonly onRefused?: (refusal: { readonly reason: RefusalReason; readonly channelId: string | null }) => void;
  /** How far a signed timestamp may lie from now, before or after; 300. */
  readonly toleranceSeconds?: number;
  /** Where handled notifications are remembered; in memory unless said. null: every copy is handled. */
  readonly seen?: SeenStore | null;
  /** How long they are remembered; four days, which is longer than a delivery is retried. */
  readonly rememberSeconds?: number;
  /** How long one notification may be in its handler before another copy of it is let in; 300. */
  readonly claimSeconds?: number;
  /** `once`, the default: a replay of what was handled is dropped as any copy is. `again`: it is handled again. */
  readonly replays?: "once" | "again";
  /** A longer body is refused; 8 MiB. */
  readonly bodyBytesMax?: number;
  /** The instant in ms; the real time unless said. */
  readonly now?: () => number;
};

export type RefusalReason =
  "method" | "too_large" | "malformed" | "channel_unknown" | "signature_missing" | "signature_wrong" | "timestamp_outside" | "token_wrong";

export type ReceivedRequest = {
  readonly method: string;
  readonly header: HeaderLookup;
  /** The body, byte for byte; null: it is longer than `bodyBytesMax`. */
  readonly body: Uint8Array | null;
};

export type ReceiverAnswer = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string };

export type Receiver = {
  readonly bodyBytesMax: number;
  /** The form that Next route handlers, Bun, Deno and Workers take. May be passed on by itself. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** The form that adapters use. */
  readonly receive: (request: ReceivedRequest) => Promise<ReceiverAnswer>;
};

/** Throws a TypeError for options that would let in what nobody has verified. */
export function createReceiver(options: ReceiverOptions): Receiver {
  checkOptions(options);
  const { bodyBytesMax = kitLimits.notificationBytesMax, seen = memorySeenStore(), now = () => realClock.now() } = options;
  const settings = { ...options, seen, now };
  const receive = async (request: ReceivedRequest): Promise<ReceiverAnswer> => {
    const verified = await verify(request, settings);
    if (verified.refused === null) return take(verified.callback.notification, request.header, settings);
    options.onRefused?.({ reason: verified.refused, channelId: verified.callback?.notification.channelId ?? null });
    return refusals[verified.refused];
  };
  return { bodyBytesMax, receive, fetch: (request) => answerRequest(request, { receive, bodyBytesMax }) };
}

type Settings = ReceiverOptions & { readonly seen: SeenStore | null; readonly now: () => number };

type Verified =
  { readonly refused: null; readonly callback: ReadCallback } | { readonly refused: RefusalReason; readonly callback: ReadCallback | null };

const unauthorized = answer(401, { error: "unauthorized" });
const busy = answer(503, { error: "busy" }, { "Retry-After": String(kitLimits.busyRetryAfterSeconds) });

/** One answer for whatever does not verify: it tells nobody how near he was. */
const refusals: Record<RefusalReason, ReceiverAnswer> = {
  method: answer(405, { error: "method_not_allowed" }, { Allow: "POST" }),
  too_large: answer(413, { error: "too_large" }),
  malformed: answer(400, { error: "malformed" }),
  channel_unknown: unauthorized,
  signature_missing: unauthorized,
  signature_wrong: unauthorized,
  timestamp_outside: unauthorized,
  token_wrong: unauthorized,
};

async function verify({ method, header, body }: ReceivedRequest, settings: Settings): Promise<Verified> {
  if (method !== "POST") return { refused: "method", callback: null };
  if (body === null) return { refused: "too_large", callback: null };
  const callback = readNotification(body, header);
  if (callback === null) return { refused: "malformed", callback: null };
  const { channelId } = callback.notification;
  const [secrets, token] = await Promise.all([secretsOf(settings, channelId), tokenOf(settings, channelId)]);
  if (secrets === null && token === null) return { refused: "channel_unknown", callback };
  if (secrets !== null) {
    const { now, toleranceSeconds = kitLimits.toleranceSeconds } = settings;
    const headers = { id: header("webhook-id"), timestamp: header("webhook-timestamp"), signature: header("webhook-signature") };
    const verdict = await verifySignature({ body, headers, secrets, now: now(), toleranceSeconds });
    if (verdict !== "ok") return { refused: verdict, callback };
  }
  const isTokenRight = token === null || (await isSameText(callback.token ?? "", token));
  return isTokenRight ? { refused: null, callback } : { refused: "token_wrong", callback };
}

/** Handles a verified notification, unless it has been handled or is being handled. */
async function take(notification: Notification, header: HeaderLookup, settings: Settings): Promise<ReceiverAnswer> {
  const { seen, now, claimSeconds = kitLimits.claimSeconds, rememberSeconds = kitLimits.rememberSeconds } = settings;
  const keys = keysOf(notification, header, settings);
  if (seen === null || keys === null) return (await handle(notification, settings)) ? accepted("handled") : failed;
  const claimedAt = now();
  const claimed = await seen.claim(keys.claimed, { now: claimedAt, until: claimedAt + claimSeconds * 1_000 });
  if (claimed === "kept") return accepted("duplicate");
  if (claimed === "claimed") return busy;
  let isHandled = false;
  try {
    isHandled = await handle(notification, settings);
  } finally {
    if (!isHandled) await seen.release(keys.claimed);
  }
  if (!isHandled) return failed;
  const keptAt = now();
  for (const key of keys.kept) await seen.keep(key, { now: keptAt, until: keptAt + rememberSeconds * 1_000 });
  return accepted("handled");
}

const failed = answer(500, { error: "failed" });

function accepted(result: "handled" | "duplicate"): ReceiverAnswer {
  return answer(200, { result });
}

/** Whether the handler succeeded. What it throws goes to `onError`, or on to the caller. */
async function handle(notification: Notification, { onNotification, onError }: Settings): Promise<boolean> {
  try {
    await onNotification(notification);
    return true;
  } catch (error) {
    // Anything may come out of a handler; it is the program's own to report.
    if (onError === undefined) throw error;
    onError(error, notification);
    return false;
  }
}

/**
 * By what the store knows a notification; null: it has no id, as Zoho's have none. With `again` each sending of a replay counts by itself,
 * by its timestamp. The header that says replay is not signed, so every sending that was handled is remembered: put on a copy, it lets nothing in.
 */
function keysOf(
  { channelId, webhookId, isReplay }: Notification,
  header: HeaderLookup,
  { replays = "once" }: Settings,
): { readonly claimed: string; readonly kept: readonly string[] } | null {
  if (webhookId === null || webhookId === "" || webhookId.length > kitLimits.webhookIdCharsMax) return null;
  const delivery = `${channelId} ${webhookId}`;
  if (replays === "once") return { claimed: delivery, kept: [delivery] };
  const sending = `${delivery} ${header("webhook-timestamp")?.slice(0, 12) ?? ""}`;
  return { claimed: isReplay ? sending : delivery, kept: [delivery, sending] };
}

async function secretsOf({ secret }: Settings, channelId: string): Promise<readonly string[] | null> {
  const found = typeof secret === "function" ? await secret(channelId) : secret;
  if (found === undefined || found === null) return null;
  return typeof found === "string" ? [found] : found;
}

async function tokenOf({ token }: Settings, channelId: string): Promise<string | null> {
  const found = typeof token === "function" ? await token(channelId) : (token ?? null);
  // An empty token would be matched by a body without one.
  if (found === "") throw new TypeError("the token of a channel is empty: it would let anyone in");
  return found;
}

const bodyUsedText = "the body was read before the receiver saw it, and a signature is over its bytes: pass the request on unread";

async function answerRequest(request: Request, receiver: Pick<Receiver, "receive" | "bodyBytesMax">): Promise<Response> {
  if (request.bodyUsed) throw new TypeError(bodyUsedText);
  const body = await readBytes(request.body, receiver.bodyBytesMax);
  const header: HeaderLookup = (name) => request.headers.get(name);
  const { status, headers, body: text } = await receiver.receive({ method: request.method, header, body });
  return new Response(text, { status, headers });
}

/** A key that is there with nothing in it is a variable that was not set, and must not switch a check off. */
function checkOptions(options: ReceiverOptions): void {
  const { secret, token, onNotification, toleranceSeconds = kitLimits.toleranceSeconds } = options;
  for (const [name, value] of Object.entries({ secret, token })) {
    if (Object.hasOwn(options, name) && (value === undefined || value === null)) {
      throw new TypeError(`${name} is ${String(value)}: leave it out, or give it a value`);
    }
  }
  if (secret === undefined && token === undefined) throw new TypeError("give a secret, a token or both: nothing else tells who sends");
  if (token === "") throw new TypeError("the token is empty: it would let anyone in");
  const secrets = typeof secret === "string" ? [secret] : typeof secret === "function" ? null : (secret ?? null);
  if (secrets !== null && (secrets.length === 0 || secrets.length > kitLimits.secretsMax)) {
    throw new TypeError(`give 1 to ${kitLimits.secretsMax} secrets`);
  }
  for (const each of secrets ?? []) signingKey(each);
  if (typeof onNotification !== "function") throw new TypeError("onNotification is to be a function");
  if (!(toleranceSeconds >= 0 && toleranceSeconds <= 86_400)) throw new TypeError("toleranceSeconds is to be 0 to 86400");
}

function answer(status: number, body: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}): ReceiverAnswer {
  return { status, headers: { "Content-Type": "application/json;charset=UTF-8", ...headers }, body: JSON.stringify(body) };
}
