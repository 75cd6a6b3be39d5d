/** A fault of the store itself, wrapped where it arises: the disk is full or fails, the file is locked or damaged. Nothing of the transaction was kept. */
export class StoreFault extends Error {
  override readonly name = "StoreFault";
  /** Whether the same may work later: space returns, a lock is given up. */
  readonly retryable: boolean;

  constructor(message: string, options: { readonly retryable: boolean; readonly cause?: unknown }) {
    super(message, { cause: options.cause });
    this.retryable = options.retryable;
  }
}
