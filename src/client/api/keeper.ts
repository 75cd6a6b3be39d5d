/**
 * Keeps a channel subscribed, with Watchpost or with Zoho itself. Channels end by themselves, after an hour or a week, and the server tells
 * nobody: whoever forgets to renew hears nothing more.
 *
 *              POST ok                     renewed, or found by a check
 *   (start) ───────────► subscribed ◄────────────────────────────┐
 *                            │  ahead of the expiry, by POST, PUT or PATCH ─┤
 *                            │  every hour, by GET ───────────────┘
 *                            │ NOT_SUBSCRIBED, not listed, or expired
 *                            ▼
 *                          dark ──── POST, until it goes well ──► subscribed, and the gap is reported
 *
 * It goes by the expiry that the server has granted, not by the one it asked for. A fault is tried again, with growing waits, for ever.
 */
import type { Clock, Quiet, Random } from "../../core/clock.ts";
import { kitLimits } from "../limits.ts";
import { realClock, realRandom } from "../system.ts";
import { ApiError } from "./api-error.ts";
import { backoffMs, grantedUntil, hasEveryModule, lifetimeMsOf, renewAt } from "./keeper-plan.ts";
import type { WatchClient } from "./watch-client.ts";
import type { WatchDone, WatchItem, WatchRow } from "./watch-types.ts";

export type KeeperOptions = {
  readonly client: Pick<WatchClient, "version" | "enable" | "update" | "merge" | "rows" | "disable">;
  readonly channel: Omit<WatchItem, "channel_expiry">;
  /** How a channel that is there is renewed. All three send the whole item, for a PATCH has been seen to lose what it does not name. POST unless said. */
  readonly renewBy?: "POST" | "PUT" | "PATCH";
  /** How long to ask for; the longest that the version grants, less five minutes. */
  readonly lifetimeMs?: number;
  /** How long before its end a channel is renewed; a fifth of what was granted. Never more than half of it. */
  readonly leadMs?: number;
  /** 0.2, the default, lengthens the lead by up to a fifth, by chance. */
  readonly jitter?: number;
  /** How often the list is asked whether the channel is still there; an hour. null: never. */
  readonly checkEveryMs?: number | null;
  /** When the channel ended or would have ended, as your program wrote it down in an earlier run: what was missed since then is reported as a gap. */
  readonly lastExpiresAt?: number | null;
  readonly onEvent?: (event: KeeperEvent) => void;
  readonly clock?: Clock;
  readonly random?: Random;
};

/** Instants in ms since 1970. */
export type KeeperEvent =
  | ({ readonly kind: "subscribed" | "renewed" } & Kept)
  | {
      readonly kind: "failed";
      readonly act: "subscribe" | "renew" | "check";
      readonly error: unknown;
      /** How many in a row. */
      readonly failures: number;
      readonly retryAt: number;
      /** Nothing is being notified now. */
      readonly isDark: boolean;
    }
  | {
      /** The channel is back, and what happened between these instants was not notified. */
      readonly kind: "gap";
      readonly from: number;
      readonly until: number;
      /** `forgotten`: the server did not know it any more, ahead of its expiry; `from` is then when it was last seen. */
      readonly cause: "expired" | "forgotten";
    };

export type Kept = {
  /** What the server granted. */
  readonly expiresAt: number;
  readonly askedUntil: number;
  readonly renewAt: number;
};

type Dark = { readonly from: number; readonly cause: "expired" | "forgotten" };

/** A keeper that has not begun; `start` begins. Stop it, or dispose of it, so that the program can end. */
export function keepChannel(options: KeeperOptions): ChannelKeeper {
  return new ChannelKeeper(options);
}

export class ChannelKeeper {
  readonly #options: KeeperOptions;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #stopping = new AbortController();
  readonly #started: Promise<Kept>;
  /** Settle `#started`; only the first of them counts. */
  #begin: (kept: Kept) => void = () => undefined;
  #refuse: (reason: unknown) => void = () => undefined;
  #hasBegun = false;
  #running: Promise<void> | null = null;
  #isActing = false;
  #onIdle: (() => void)[] = [];
  /** null: it is not subscribed. */
  #kept: Kept | null = null;
  #dark: Dark | null = null;
  #lastSeenAt = 0;
  #actAt = 0;
  #checkAt = Number.POSITIVE_INFINITY;
  #failures = 0;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#clock = options.clock ?? realClock;
    this.#random = options.random ?? realRandom;
    this.#started = new Promise((resolve, reject) => {
      this.#begin = resolve;
      this.#refuse = reject;
    });
    // Who does not wait for the start hears of a failure by its event.
    this.#started.catch(() => undefined);
  }

  /** What is granted now; null while it is not subscribed. */
  get kept(): Kept | null {
    return this.#kept;
  }

  /** For whoever moves the clock. */
  get quiet(): Quiet {
    const isIdle = (): boolean => !this.#isActing;
    return {
      get isIdle() {
        return isIdle();
      },
      idle: () => (isIdle() ? Promise.resolve() : new Promise((resolve) => this.#onIdle.push(resolve))),
    };
  }

  /** Resolves when the channel is subscribed. Rejects, and ends the keeper, when the server says no: that will not pass. Twice is fine. */
  start(): Promise<Kept> {
    if (this.#running === null && !this.#stopping.signal.aborted) {
      const { lastExpiresAt = null } = this.#options;
      const now = this.#clock.now();
      if (lastExpiresAt !== null && lastExpiresAt < now) this.#dark = { from: lastExpiresAt, cause: "expired" };
      this.#actAt = now;
      this.#isActing = true;
      this.#running = this.#run(this.#stopping.signal);
    }
    return this.#started;
  }

  /** Ends the keeper; the channel lives on until it expires, or is disabled too. Twice is fine. */
  async stop({ disables = false }: { readonly disables?: boolean } = {}): Promise<void> {
    const reason = new DOMException("the keeper was stopped", "AbortError");
    this.#refuse(reason);
    this.#stopping.abort(reason);
    await this.#running;
    // Also when it seems not to be subscribed: a request that was cut short may have arrived.
    if (!disables || this.#running === null) return;
    this.#kept = null;
    try {
      await this.#options.client.disable([this.#options.channel.channel_id]);
    } catch (error) {
      // Expected: it is gone already.
      if (!isNotSubscribed(error)) throw error;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #run(signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) {
        await (this.#clock.now() >= this.#actAt ? this.#keep(signal) : this.#check(signal));
        if (signal.aborted) return;
        this.#rest();
        await this.#clock.sleepUntil(Math.min(this.#actAt, this.#checkAt), signal);
        this.#isActing = true;
      }
    } catch (error) {
      if (!signal.aborted) throw error; // Expected: the sleep, or the request, was cut short by `stop`.
    } finally {
      this.#rest();
    }
  }

  #rest(): void {
    this.#isActing = false;
    const waiting = this.#onIdle;
    this.#onIdle = [];
    for (const resolve of waiting) resolve();
  }

  /** Renews the channel, or subscribes it when it is not there. */
  async #keep(signal: AbortSignal): Promise<void> {
    const { client, channel, renewBy = "POST", lifetimeMs = lifetimeMsOf(client.version) } = this.#options;
    this.#noteExpiry();
    const isRenewal = this.#kept !== null;
    const askedUntil = this.#clock.now() + lifetimeMs;
    const items = [{ ...channel, channel_expiry: new Date(askedUntil) }];
    const verb = isRenewal ? renewBy : "POST";
    try {
      const [done] = await { POST: client.enable, PUT: client.update, PATCH: client.merge }[verb](items, { signal });
      this.#succeeded(isRenewal ? "renewed" : "subscribed", { done, askedUntil });
    } catch (error) {
      signal.throwIfAborted();
      if (isRenewal && isNotSubscribed(error)) {
        this.#lose();
        return this.#keep(signal);
      }
      this.#failed(isRenewal ? "renew" : "subscribe", error);
    }
  }

  /** Looks whether the server still has the channel, whole, and until when. */
  async #check(signal: AbortSignal): Promise<void> {
    const { client, channel } = this.#options;
    this.#scheduleCheck();
    try {
      const rows: WatchRow[] = [];
      for await (const row of client.rows({ channel_id: channel.channel_id }, { signal })) rows.push(row);
      if (!hasEveryModule(rows, channel.events)) {
        this.#lose();
        return await this.#keep(signal);
      }
      this.#lastSeenAt = this.#clock.now();
      const expiresAt = grantedUntil(rows, this.#lastSeenAt);
      // Somebody else may have changed it; whole seconds are all that a list tells.
      if (this.#kept !== null && expiresAt < this.#kept.expiresAt - 1_000) this.#plan(expiresAt, this.#kept.askedUntil);
    } catch (error) {
      signal.throwIfAborted();
      const retryAt = Math.min(this.#actAt, this.#checkAt);
      this.#emit({ kind: "failed", act: "check", error, failures: 1, retryAt, isDark: this.#kept === null });
    }
  }

  #succeeded(
    kind: "subscribed" | "renewed",
    { done, askedUntil }: { readonly done: WatchDone | undefined; readonly askedUntil: number },
  ): void {
    // The answer may have come after the expiry of before.
    this.#noteExpiry();
    const now = this.#clock.now();
    this.#failures = 0;
    this.#hasBegun = true;
    this.#lastSeenAt = now;
    const kept = this.#plan(grantedUntil(done?.events ?? [], now), askedUntil);
    this.#scheduleCheck();
    const dark = this.#dark;
    this.#dark = null;
    this.#emit({ kind, ...kept });
    if (dark !== null) this.#emit({ kind: "gap", until: now, ...dark });
    this.#begin(kept);
  }

  #failed(act: "subscribe" | "renew", error: unknown): void {
    this.#failures += 1;
    const askedMs = error instanceof ApiError ? error.retryAfterMs : null;
    const retryAt = this.#clock.now() + backoffMs(this.#failures, { askedMs, random: this.#random });
    this.#actAt = retryAt;
    this.#noteExpiry();
    this.#emit({ kind: "failed", act, error, failures: this.#failures, retryAt, isDark: this.#kept === null });
    // Before the first success a refusal is a mistake of the program, such as a wrong secret or an unknown module.
    if (this.#hasBegun || (error instanceof ApiError && !error.isRefusal)) return;
    this.#refuse(error);
    this.#stopping.abort(error);
  }

  #plan(expiresAt: number, askedUntil: number): Kept {
    const { leadMs = null, jitter = 0.2 } = this.#options;
    this.#actAt = renewAt({ now: this.#clock.now(), expiresAt }, { leadMs, jitter, random: this.#random });
    this.#kept = { expiresAt, askedUntil, renewAt: this.#actAt };
    return this.#kept;
  }

  #scheduleCheck(): void {
    const { checkEveryMs = kitLimits.checkEveryMs } = this.#options;
    this.#checkAt = checkEveryMs === null ? Number.POSITIVE_INFINITY : this.#clock.now() + checkEveryMs;
  }

  /** The channel has ended when its time is over. */
  #noteExpiry(): void {
    if (this.#kept === null || this.#clock.now() < this.#kept.expiresAt) return;
    this.#dark ??= { from: this.#kept.expiresAt, cause: "expired" };
    this.#kept = null;
  }

  /** The server does not have the channel any more. */
  #lose(): void {
    this.#noteExpiry();
    this.#dark ??= { from: this.#lastSeenAt, cause: "forgotten" };
    this.#kept = null;
  }

  /** What a listener throws is its program's to see, and does not end the keeper. */
  #emit(event: KeeperEvent): void {
    try {
      this.#options.onEvent?.(event);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}

function isNotSubscribed(error: unknown): boolean {
  return error instanceof ApiError && error.code === "NOT_SUBSCRIBED";
}
