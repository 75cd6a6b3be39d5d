/** Why a move is not begun or not gone on with: no fault, and nothing was changed. The message is for people. */
export class MoveRefused extends Error {
  readonly kind: "missing" | "in_use" | "conflict";

  constructor(kind: MoveRefused["kind"], message: string, options: ErrorOptions = {}) {
    super(message, options);
    this.kind = kind;
  }
}
