/**
 * What the store keeps in memory beside the database, and takes back with the transaction that changed it. A change notes how it is
 * undone; what only spares a look into the database is emptied instead.
 */
export class Memory {
  readonly #undos: (() => void)[] = [];
  readonly #caches: (() => void)[] = [];

  /** Names something to be emptied when anything is undone. */
  emptyOnUndo(empty: () => void): void {
    this.#caches.push(empty);
  }

  /** Notes how a change that was just made is undone. */
  note(undo: () => void): void {
    this.#undos.push(undo);
  }

  /** A point to which changes may be undone. */
  get mark(): number {
    return this.#undos.length;
  }

  /** Undoes what was noted since the mark, the last first. */
  undoTo(mark: number): void {
    for (const undo of this.#undos.splice(mark).toReversed()) undo();
    for (const empty of this.#caches) empty();
  }

  /** What was noted stands. */
  keep(): void {
    this.#undos.length = 0;
  }
}
