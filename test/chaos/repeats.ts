/**
 * Which POSTs may come twice. A POST is in flight from its arrival until its delivery is settled, and one that was in flight at a fault of its sender
 * may be made once more: so a fault explains no more repeats than its nodes had in flight, which are at most 256 each. A repeat that no fault
 * explains is a finding.
 */
import { limits } from "../../src/core/limits.ts";
import type { Notification, Post, Repeat } from "../load/load-receiver.ts";
import type { FaultKind } from "./chaos-faults.ts";

/** A fault as it was: from when until all was well again, and whose POSTs it hit. */
export type FaultWindow = {
  /** Several that fall at once are one. */
  readonly kind: FaultKind | "two at once" | "storm";
  readonly hosts: ReadonlySet<string>;
  readonly from: number;
  readonly until: number;
};

export type Counted = { readonly inFlight: number; readonly repeats: number };

/** How long a settlement may take that nothing stands in the way of: the batch before it, and its own. */
const settlementMsMax = 2_000;

export class RepeatAccount {
  readonly #windows: FaultWindow[] = [];
  readonly #repeats: Repeat[] = [];

  note(repeat: Repeat): void {
    this.#repeats.push(repeat);
  }

  addFault(window: FaultWindow): void {
    this.#windows.push(window);
  }

  /** What each fault had in flight, and how much of it came twice; and a line for each repeat, and each fault, that breaks the bound. */
  close(notifications: ReadonlyMap<string, Notification>): {
    readonly counted: ReadonlyMap<FaultWindow, Counted>;
    readonly faults: readonly string[];
  } {
    const faults: string[] = [];
    const repeats = new Map<FaultWindow, number>();
    for (const { notification, before, post } of this.#repeats) {
      const window = this.#windows.findLast((candidate) => isHit(before, candidate));
      if (window === undefined) faults.push(unexplained(notification, { before, post }));
      else repeats.set(window, (repeats.get(window) ?? 0) + 1);
    }
    const posts = [...notifications.values()].flatMap((notification) => notification.posts);
    const counted = new Map(
      this.#windows.map((window) => {
        const inFlight = posts.filter((post) => isHit(post, window)).length;
        const bound = Math.min(inFlight, window.hosts.size * limits.deliveriesInFlightMax);
        const count = repeats.get(window) ?? 0;
        const isWithin = count <= bound;
        if (!isWithin) faults.push(`${String(count)} came twice after ${window.kind}, and no more than ${String(bound)} were in flight`);
        return [window, { inFlight, repeats: count }];
      }),
    );
    return { counted, faults };
  }
}

function isHit({ sender, arrivedAt, answeredAt }: Post, { hosts, from, until }: FaultWindow): boolean {
  return hosts.has(sender) && arrivedAt <= until && (answeredAt ?? Infinity) >= from - settlementMsMax;
}

function unexplained({ id, channelId }: Notification, { before, post }: { before: Post; post: Post }): string {
  const ofPost = ({ sender, arrivedAt, end }: Post): string => `${sender} at ${new Date(arrivedAt).toISOString()} (${end})`;
  return `${id} of channel ${channelId} came again from ${ofPost(post)}, and no fault had hit the POST from ${ofPost(before)}`;
}
