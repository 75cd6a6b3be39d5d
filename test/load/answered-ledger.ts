/**
 * What was answered 2xx, and so must be there after every kill: the records, the channels, and what each channel has to hear. A write that
 * got no answer is in doubt: it happened or it did not, and nothing is asked of it but its place in the order.
 */
export type Operation = "insert" | "update" | "delete";

/** What one write did to one record. */
export type Change = {
  readonly module: string;
  readonly recordId: string;
  readonly operation: Operation;
  /** Grows from write to write; what an update carries in `Description`. */
  readonly value: number;
  /** Whether `Phone` changed too, on which conditions hang. */
  readonly changesPhone: boolean;
};

export type Watch = {
  readonly modules: ReadonlySet<string>;
  readonly operations: ReadonlySet<Operation>;
  readonly asksForPhone: boolean;
  readonly expiresAt: number;
};

/**
 * `watch`: null, it is not subscribed; undefined, nobody knows, for an order of its client is under way or died. `isHeld`: an operator has paused
 * it, so that it is owed nothing new.
 */
type Channel = { readonly org: number; watch: Watch | null | undefined; isHeld: boolean; epoch: number };

type Stored = { readonly value: number; readonly isDeleted: boolean };

export class AnsweredLedger {
  readonly #channels = new Map<string, Channel>();
  /** By channel, operation, record and value. */
  readonly owed = new Map<string, number>();
  readonly forbidden = new Set<string>();
  readonly #waived = new Set<string>();
  readonly #records = new Map<string, Stored>();
  readonly #doubts = new Map<string, Stored>();
  changes = 0;

  addChannel(channelId: string, org: number): void {
    this.#channels.set(channelId, { org, watch: null, isHeld: false, epoch: 0 });
  }

  /** What the record's `Description` was answered to be; undefined: it was not, or the record was deleted. */
  valueOf(module: string, recordId: string): number | undefined {
    const stored = this.#records.get(`${module} ${recordId}`);
    return stored === undefined || stored.isDeleted ? undefined : stored.value;
  }

  isHeld(channelId: string): boolean {
    return this.#channels.get(channelId)?.isHeld ?? false;
  }

  watchOf(channelId: string): Watch | null | undefined {
    return this.#channels.get(channelId)?.watch;
  }

  /** The org's channels as a write finds them when it begins. */
  epochsOf(org: number): ReadonlyMap<string, number> {
    return new Map([...this.#channels].filter(([, channel]) => channel.org === org).map(([channelId, { epoch }]) => [channelId, epoch]));
  }

  /** The write was answered; what stood still meanwhile has to hear of it, or must not. */
  answer(epochs: ReadonlyMap<string, number>, changes: readonly Change[], round: number): void {
    for (const change of changes) {
      this.changes += 1;
      this.#records.set(recordKey(change), storedOf(change));
      for (const [channelId, epoch] of epochs) {
        const channel = this.#channels.get(channelId);
        if (channel === undefined || channel.epoch !== epoch || channel.watch === undefined) continue;
        if (channel.watch !== null && !channel.isHeld && isHeard(change, channel.watch)) this.owed.set(noticeKey(channelId, change), round);
        else this.forbidden.add(noticeKey(channelId, change));
      }
    }
  }

  /** The write got no answer. */
  doubt(changes: readonly Change[]): void {
    for (const change of changes) this.#doubts.set(recordKey(change), storedOf(change));
  }

  /** An order about the channel goes out. What is given up may still come, and need not. */
  beginOrder(channelId: string, isGivenUp: boolean): void {
    const channel = this.#channels.get(channelId);
    if (channel === undefined) return;
    channel.watch = undefined;
    channel.epoch += 1;
    if (!isGivenUp) return;
    for (const key of this.owed.keys()) {
      if (!key.startsWith(`${channelId} `)) continue;
      this.owed.delete(key);
      this.#waived.add(key);
    }
  }

  endOrder(channelId: string, watch: Watch | null, isHeld = false): void {
    const channel = this.#channels.get(channelId);
    if (channel === undefined) return;
    channel.watch = watch;
    channel.isHeld = isHeld;
    channel.epoch += 1;
  }

  isWaived(key: string): boolean {
    return this.#waived.has(key);
  }

  /** What is wrong with the records as they are stored, by module and id; empty: nothing. */
  recordFaults(stored: ReadonlyMap<string, Stored>): readonly string[] {
    return [...this.#records].flatMap(([key, answered]) => {
      const found = stored.get(key);
      const doubt = this.#doubts.get(key) ?? answered;
      if (found !== undefined && (isSame(found, answered) || isSame(found, doubt))) return [];
      return [
        `record ${key} was answered as ${JSON.stringify(answered)}, and is ${found === undefined ? "not there" : JSON.stringify(found)}`,
      ];
    });
  }

  channelFaults(stored: ReadonlyMap<string, number>): readonly string[] {
    return [...this.#channels].flatMap(([channelId, { watch }]) => {
      if (watch === undefined || stored.get(channelId) === watch?.expiresAt) return [];
      return [
        `channel ${channelId} was answered to end ${String(watch?.expiresAt)}, and is stored to end ${String(stored.get(channelId))}`,
      ];
    });
  }
}

export function noticeKey(channelId: string, { operation, recordId, value }: Pick<Change, "operation" | "recordId" | "value">): string {
  return `${channelId} ${operation} ${recordId}${operation === "update" ? ` ${value}` : ""}`;
}

function isHeard(change: Change, watch: Watch): boolean {
  if (!watch.modules.has(change.module) || !watch.operations.has(change.operation)) return false;
  return !watch.asksForPhone || change.changesPhone || change.operation === "delete";
}

function recordKey({ module, recordId }: Change): string {
  return `${module} ${recordId}`;
}

function storedOf({ value, operation }: Change): Stored {
  return { value, isDeleted: operation === "delete" };
}

function isSame(found: Stored, wanted: Stored): boolean {
  return found.isDeleted === wanted.isDeleted && (wanted.isDeleted || found.value === wanted.value);
}
