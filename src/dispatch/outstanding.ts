/** The calls of one kind that are on their way to the store, whoever waits for each. */
export class Outstanding {
  readonly #onEnded: () => void;
  readonly #calls = new Set<Promise<void>>();
  #landed = 0;
  #isNew = false;

  /** `onEnded` is called when one has ended. */
  constructor(onEnded: () => void) {
    this.#onEnded = onEnded;
  }

  get count(): number {
    return this.#calls.size;
  }

  /** How many have landed so far. */
  get landed(): number {
    return this.#landed;
  }

  /** Whether one was begun since this was asked last, and is outstanding. */
  takeNew(): boolean {
    const isNew = this.#isNew && this.count > 0;
    this.#isNew = false;
    return isNew;
  }

  /** Gives back the call, which counts until it has ended. */
  async follow<T>(call: Promise<T>): Promise<T> {
    const ended = call.then(
      () => {
        this.#landed += 1;
      },
      // Whoever waits for the call hears how it failed.
      () => undefined,
    );
    this.#isNew = true;
    this.#calls.add(ended);
    await ended;
    this.#calls.delete(ended);
    this.#onEnded();
    return call;
  }

  /** Resolves when none is outstanding. */
  async none(): Promise<void> {
    while (this.count > 0) await Promise.all(this.#calls);
  }
}
