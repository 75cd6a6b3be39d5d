/** What the simulation found: a promise that was not kept, by its number in docs/delivery.md. */
export const invariantNumbers = ["I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9", "I10", "I11"] as const;
export type InvariantNumber = (typeof invariantNumbers)[number];

export class InvariantBroken extends Error {
  override readonly name = "InvariantBroken";
  readonly invariant: InvariantNumber;

  constructor(invariant: InvariantNumber, message: string) {
    super(`${invariant}: ${message}`);
    this.invariant = invariant;
  }
}

/** Throws when the promise is not kept. */
export function check(isKept: boolean, invariant: InvariantNumber, message: string): void {
  if (!isKept) throw new InvariantBroken(invariant, message);
}
