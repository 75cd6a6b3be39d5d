/** Which notifications a kill has put in question: each may come once more, and no other. */
import type { LoadReceiver } from "../load/load-receiver.ts";

export class InQuestion {
  readonly #receiver: LoadReceiver;
  /** Sent and not settled when the last kill came: they may come once more. */
  #ids = new Set<string>();
  repeatsSinceKill = 0;

  constructor(receiver: LoadReceiver) {
    this.#receiver = receiver;
    receiver.onRepeat = ({ notification: { id } }) => {
      this.repeatsSinceKill += 1;
      if (!this.#ids.delete(id)) receiver.faults.push(`${id} came again, and was not in flight at any kill since it came last`);
    };
  }

  /** A fresh data folder. */
  forget(): void {
    this.#ids = new Set();
  }

  /** The sender was killed while these ids were not settled. Gives how many of them had been sent. */
  noteKill(unsettled: ReadonlySet<string>): number {
    this.repeatsSinceKill = 0;
    this.#ids = new Set([...unsettled].filter((id) => (this.#receiver.notifications.get(id)?.posts.at(-1)?.end ?? "failed") !== "failed"));
    return this.#ids.size;
  }
}
