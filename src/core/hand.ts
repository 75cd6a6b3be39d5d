/**
 * The hand that takes claims. It is open from the beginning of a batch of commands to the claim among them, so that what the batch itself
 * makes can be claimed as it is made: then nobody has to look for it, nor to move it from pending to claimed.
 */
import { type Claim, textLengthOf } from "./attempt.ts";
import { originOf } from "./origin.ts";
import { type ClaimRoom, RoomLeft } from "./claim-room.ts";
import { limits } from "./limits.ts";
import type { OrgKey } from "./org.ts";

/** What a claim may take, and under which lease. Instants in ms. */
export type ClaimOrder = {
  readonly now: number;
  readonly leaseUntil: number;
  readonly claimToken: string;
  readonly limit: number;
  readonly room: ClaimRoom;
};

type HandKind = { readonly takesNew: boolean; readonly isOnlyForNew?: boolean; readonly nextDueAt?: number | null };

export class Hand {
  readonly order: ClaimOrder;
  readonly room: RoomLeft;
  readonly #claims: Claim[] = [];
  readonly #skipped: ReadonlySet<number>;
  readonly #takesNew: boolean;
  readonly #isOnlyForNew: boolean;
  readonly #nextDueAt: number | null;
  #isAnyLeft = false;
  #isAnyFreed = false;
  #isAllTaken = false;
  #textLeft: number = limits.claimTextMax;

  /** `takesNew`: nothing that has room was due before, so that what is made now comes before nobody's turn. `nextDueAt`: and the next falls due then; null: never. */
  constructor(order: ClaimOrder, { takesNew, isOnlyForNew = false, nextDueAt = null }: HandKind = { takesNew: false }) {
    this.order = order;
    this.room = new RoomLeft(order.room);
    this.#skipped = new Set(order.room.skipped.flatMap(([, channelKeys]) => channelKeys));
    this.#takesNew = takesNew;
    this.#isOnlyForNew = isOnlyForNew;
    this.#nextDueAt = nextDueAt;
  }

  /** Whether what stands in the store is none of its business: it takes what is made, unless something that stood there was let go. */
  get isOnlyForMade(): boolean {
    return this.#isOnlyForNew && !this.#isAnyFreed;
  }

  /** Something that waited has fallen due in its batch. */
  noteFreed(): void {
    this.#isAnyFreed = true;
  }

  /** Whether something has fallen due in its batch that it did not take. */
  get isAnyLeft(): boolean {
    return this.#isAnyLeft;
  }

  noteLeft(): void {
    this.#isAnyLeft = true;
  }

  /** Whether nothing that it might take was due when it was opened, and nothing has fallen due since but what was made for it. */
  get isOfMadeAlone(): boolean {
    return this.#takesNew && !this.#isAnyFreed && !this.#isAnyLeft;
  }

  /** Whatever is due it has taken, and it was opened with what falls due next. */
  noteAllTaken(): void {
    this.#isAllTaken = true;
  }

  /** When the next falls due, the leases of what it took among it; undefined: that is to be looked for. */
  get nextDueAt(): number | null | undefined {
    if (!this.#isAllTaken) return undefined;
    return this.#claims.length === 0 ? this.#nextDueAt : Math.min(this.#nextDueAt ?? Infinity, this.order.leaseUntil);
  }

  get claims(): readonly Claim[] {
    return this.#claims;
  }

  /** How many more it may take in all; none when their texts are long enough together. */
  get left(): number {
    return this.#textLeft > 0 ? this.order.limit - this.#claims.length : 0;
  }

  /** Whether it may take a delivery that is being made. */
  takesNew(of: { readonly org: OrgKey; readonly channelKey: number; readonly origin: string }): boolean {
    if (!this.#takesNew || this.left <= 0 || this.#skipped.has(of.channelKey)) return false;
    return this.room.ofOrg(of.org) > 0 && this.room.ofChannel(of.channelKey) > 0 && this.room.ofOrigin(of.origin) > 0;
  }

  /** Takes claims of one channel. */
  take(claims: readonly Claim[], origin: string): void {
    const [first] = claims;
    if (first === undefined) return;
    this.room.take({ org: first.org, origin, channelKey: first.channelKey, count: claims.length });
    for (const claim of claims) {
      this.#claims.push(claim);
      this.#textLeft -= textLengthOf(claim);
    }
  }

  /** Drops claims that hold no more, and has their room again. */
  drop(isDropped: (claim: Claim) => boolean): void {
    const kept: Claim[] = [];
    for (const claim of this.#claims) {
      if (!isDropped(claim)) {
        kept.push(claim);
        continue;
      }
      this.room.take({ org: claim.org, origin: originOf(claim.notifyUrl), channelKey: claim.channelKey, count: -1 });
      this.#textLeft += textLengthOf(claim);
    }
    this.#claims.splice(0, this.#claims.length, ...kept);
  }
}
