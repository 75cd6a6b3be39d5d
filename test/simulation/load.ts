/**
 * What is on its way to whom, and how each target has fared: the bounds of I5, and the oracle of I11, which works out from the ends of the
 * POSTs alone when a target has to be left alone.
 */
import type { Claim } from "../../src/core/attempt.ts";
import { originOf } from "../../src/core/origin.ts";
import type { Attempted } from "../../src/dispatch/attempt.ts";
import { check } from "./invariant-broken.ts";

export type LoadBounds = {
  readonly inFlightMax: number;
  readonly inFlightPerOrgMax: number;
  readonly inFlightPerOriginMax: number;
  readonly inFlightPerChannelMax: number;
  /** So many failures in a row, and the target is left alone. */
  readonly failuresMax: number;
};

const cooldownMs = 5_000;
const cooldownMsMax = 300_000;
const jitter = 0.2;
const restMsMax = 3_600_000;

/** A target: a channel's, or an origin with all its channels. */
type Target = {
  inFlight: number;
  failures: number;
  cooldownMs: number;
  succeededAt: number | null;
  /** While it is left alone: the earliest instant of the next POST, and the latest at which it may be made. */
  alone: { from: number; until: number } | null;
};

type Post = { readonly startedAt: number; readonly isProbeOf: ReadonlySet<Target> };

export class Load {
  readonly #bounds: LoadBounds;
  readonly #targets = new Map<string, Target>();
  readonly #orgs = new Map<number, number>();
  readonly #posts = new Map<string, Post>();

  readonly counts = { leftAlone: 0, probes: 0 };

  constructor(bounds: LoadBounds) {
    this.#bounds = bounds;
  }

  get inFlight(): number {
    return this.#posts.size;
  }

  /** The process is another one: nothing is on its way, and nothing is remembered. */
  clear(): void {
    this.#targets.clear();
    this.#orgs.clear();
    this.#posts.clear();
  }

  /** Somebody set the clock: no instant means anything. */
  forgetInstants(): void {
    for (const target of this.#targets.values()) if (target.alone !== null) target.alone = { from: -Infinity, until: target.alone.until };
  }

  begin(claim: Claim, startedAt: number): void {
    const { channel, origin } = this.#targetsOf(claim);
    const bounds = this.#bounds;
    for (const [name, target] of [
      [`channel ${claim.channelId}`, channel],
      [originOf(claim.notifyUrl), origin],
    ] as const) {
      if (target.alone !== null) {
        this.counts.probes += 1;
        check(target.inFlight === 0, "I11", `${name} is left alone, and two POSTs are on their way`);
        check(startedAt >= target.alone.from, "I11", `${name} is left alone, and a POST came ${target.alone.from - startedAt} ms too soon`);
      }
      target.inFlight += 1;
    }
    const ofOrg = (this.#orgs.get(claim.org) ?? 0) + 1;
    this.#orgs.set(claim.org, ofOrg);
    this.#posts.set(postKey(claim), { startedAt, isProbeOf: new Set([channel, origin].filter(({ alone }) => alone !== null)) });
    check(channel.inFlight <= bounds.inFlightPerChannelMax, "I5", `${channel.inFlight} POSTs to channel ${claim.channelId} at once`);
    check(origin.inFlight <= bounds.inFlightPerOriginMax, "I5", `${origin.inFlight} POSTs to ${originOf(claim.notifyUrl)} at once`);
    check(ofOrg <= bounds.inFlightPerOrgMax, "I5", `${ofOrg} POSTs of org ${claim.org} at once`);
    check(this.inFlight <= bounds.inFlightMax, "I5", `${this.inFlight} POSTs at once`);
  }

  end(claim: Claim, { entry, retryAfterMs }: Attempted, now: number): void {
    const post = this.#posts.get(postKey(claim));
    if (post === undefined) return;
    this.#posts.delete(postKey(claim));
    this.#orgs.set(claim.org, (this.#orgs.get(claim.org) ?? 0) - 1);
    const { channel, origin } = this.#targetsOf(claim);
    this.#note(channel, { post, isGood: entry.outcome === "delivered", askedMs: Math.min(retryAfterMs ?? 0, restMsMax), now });
    this.#note(origin, { post, isGood: entry.httpStatus !== null, askedMs: 0, now });
  }

  /** Whether the delivery of the channel may have to wait although it is due. */
  isLeftAlone(channelKey: number | null, origins: Iterable<string>, now: number): boolean {
    const keys = [`channel ${channelKey}`, ...origins];
    return keys.some((key) => now <= (this.#targets.get(key)?.alone?.until ?? -Infinity));
  }

  #note(target: Target, end: { post: Post; isGood: boolean; askedMs: number; now: number }): void {
    const { post, isGood, askedMs, now } = end;
    const { alone } = target;
    target.inFlight -= 1;
    const isProbe = post.isProbeOf.has(target);
    if (alone !== null && !isProbe) {
      // It began before: all it can do is to ask for more time.
      if (!isGood) target.alone = { from: Math.max(alone.from, now + askedMs), until: Math.max(alone.until, now + askedMs) };
      return;
    }
    if (isGood) {
      Object.assign(target, { failures: 0, cooldownMs: 0, succeededAt: now, alone: null });
      return;
    }
    const { succeededAt } = target;
    const isSurpassed = succeededAt !== null && succeededAt <= now && post.startedAt < succeededAt;
    if (!isSurpassed || isProbe) target.failures += 1;
    const isFailing = isProbe || target.failures >= this.#bounds.failuresMax;
    if (!isFailing && askedMs === 0) return;
    if (isFailing) target.cooldownMs = target.cooldownMs === 0 ? cooldownMs : Math.min(2 * target.cooldownMs, cooldownMsMax);
    const waitMs = isFailing ? target.cooldownMs : 0;
    const shortest = Math.max(waitMs * (1 - jitter) - 1, askedMs);
    const longest = Math.max(waitMs * (1 + jitter) + 1, askedMs);
    this.counts.leftAlone += 1;
    target.alone = { from: now + shortest, until: now + longest };
  }

  #targetsOf(claim: Claim): { readonly channel: Target; readonly origin: Target } {
    return { channel: this.#target(`channel ${claim.channelKey}`), origin: this.#target(originOf(claim.notifyUrl)) };
  }

  #target(key: string): Target {
    let target = this.#targets.get(key);
    if (target === undefined) {
      target = { inFlight: 0, failures: 0, cooldownMs: 0, succeededAt: null, alone: null };
      this.#targets.set(key, target);
    }
    return target;
  }
}

function postKey({ deliveryId, claimToken }: Claim): string {
  return `${deliveryId} ${claimToken}`;
}
