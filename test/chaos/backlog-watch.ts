/** Looks at what is owed in the database, past all proxies, again and again: from it come the recovery times. */
import { setTimeout as wait } from "node:timers/promises";
import { Pool } from "pg";

const lookMs = 100;

export class BacklogWatch {
  readonly #pool: Pool;
  readonly #closing = new AbortController();
  readonly #work: Promise<void>;
  /** When the oldest was committed that is not settled; null: nothing is owed; undefined: the database does not answer. */
  #oldest: number | null | undefined = undefined;
  #owed = 0;
  #looks = 0;

  /** `channelIds`: those whose receivers answer well, so that what they are owed waits for nothing but us. */
  constructor(databaseUrl: string, channelIds: readonly string[]) {
    this.#pool = new Pool({ connectionString: databaseUrl, max: 1, connectionTimeoutMillis: 2_000 });
    // Expected: the database is restarted.
    this.#pool.on("error", () => undefined);
    this.#pool.on("connect", (client) => client.on("error", () => undefined));
    this.#work = this.#lookOn(channelIds);
  }

  /** How much was owed to them when it was looked at last. */
  get owed(): number {
    return this.#owed;
  }

  /** Gives the ms of the clock when nothing that was committed before `atMs` was owed any more; null: not within the limit. */
  async nothingOlderThan(atMs: number, limitMs: number): Promise<number | null> {
    const untilMs = Date.now() + limitMs;
    // What is being committed is seen a look later.
    for (let quietLooks = 0, seen = this.#looks; quietLooks < 2;) {
      if (Date.now() > untilMs) return null;
      await wait(lookMs / 2);
      if (this.#looks === seen) continue;
      seen = this.#looks;
      quietLooks = this.#oldest === null || (this.#oldest !== undefined && this.#oldest >= atMs) ? quietLooks + 1 : 0;
    }
    return Date.now();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#work;
    await this.#pool.end();
  }

  async #lookOn(channelIds: readonly string[]): Promise<void> {
    while (!this.#closing.signal.aborted) {
      try {
        const { rows } = await this.#pool.query<{ oldest: string | null; owed: number }>({
          name: "oldest",
          text: "select min(committed_at) as oldest, count(*)::int as owed from deliveries where settled_at is null and channel_id = any ($1)",
          values: [channelIds],
        });
        const oldest = rows[0]?.oldest ?? null;
        this.#oldest = oldest === null ? null : Number(oldest);
        this.#owed = rows[0]?.owed ?? 0;
      } catch {
        // Expected: the database is away.
        this.#oldest = undefined;
      }
      this.#looks += 1;
      // Expected: cut short at the end.
      await wait(lookMs, undefined, { signal: this.#closing.signal }).catch(() => undefined);
    }
  }
}
