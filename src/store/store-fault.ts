type Kind = { readonly retryable: boolean; readonly isConflict?: boolean; readonly cause?: unknown };

/** A fault of the store itself, wrapped where it arises: the disk is full or fails, the file is locked or damaged, the server is away. */
export class StoreFault extends Error {
  override readonly name = "StoreFault";
  /** Whether the same may work later: space returns, a lock is given up. */
  readonly retryable: boolean;
  /** Nothing is wrong: two transactions stood in each other's way, nothing of this one was kept, and it may be run again at once. */
  readonly isConflict: boolean;

  constructor(message: string, { retryable, isConflict = false, cause }: Kind) {
    super(message, { cause });
    this.retryable = retryable;
    this.isConflict = isConflict;
  }
}
