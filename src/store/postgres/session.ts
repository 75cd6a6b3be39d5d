/**
 * The connection that a transaction has, for as long as it has it. The row groups are made once over a session and used by one
 * transaction after another, each with whichever connection the pool gave it.
 *
 * Statements go out one behind another without waiting for answers, and the server runs them in that order. So what need not be waited for, the beginning
 * among it, goes together with the next statement that is: while a transaction holds an org, each way to the server and back keeps others waiting.
 */
import { createHash } from "node:crypto";
import type { PoolClient, QueryResult } from "pg";
import { asFault, commitAlone, isLost, isWriteInRead, warning } from "./faults.ts";
import type { IdSlots } from "./id-slots.ts";
import { OrgStates } from "./org-states.ts";
import { parameterOf } from "./parameters.ts";

/** What is to be written before anybody looks for it. */
export type Pending = { readonly isAny: boolean; write(): Promise<void>; clear(): void };

/** A statement that the connection prepares when it first meets it; the same text has the same name on every connection. */
export type Prepared = { readonly name: string; readonly text: string };

export function prepared(text: string): Prepared {
  return { name: createHash("sha256").update(text).digest("base64url").slice(0, nameChars), text };
}

/** PostgreSQL reads 63 bytes of a name. */
const nameChars = 32;

export class Session {
  readonly orgs: OrgStates;
  readonly #own = new Map<string, Prepared>();
  #pending: Pending = { isAny: false, write: () => Promise.resolve(), clear: () => undefined };
  #client: PoolClient | null = null;
  /** What begins the transaction, until something is asked; null: it has begun. */
  #toBegin: string | null = null;
  /** Answers that nobody waited for yet. */
  #posted: Promise<unknown>[] = [];
  #isLost = false;

  constructor(ids: Pick<IdSlots, "next">) {
    this.orgs = new OrgStates(async <Row>(text: string, values: readonly unknown[]) => {
      let statement = this.#own.get(text);
      if (statement === undefined) this.#own.set(text, (statement = prepared(text)));
      return (await this.ask(statement, values)).rows as Row[];
    }, ids);
  }

  /** Names what the transactions of this session have to write. */
  attend(pending: Pending): void {
    this.#pending = pending;
  }

  /** Writes what is pending: at the end, and before whatever might have to see it. */
  writePending(): Promise<void> {
    return this.#pending.write();
  }

  /** Begins to use the connection, for a transaction that begins so; null: nothing is begun. */
  take(client: PoolClient, beginning: string | null = null): void {
    this.#client = client;
    this.#toBegin = beginning;
    this.#posted = [];
    this.#isLost = false;
    this.orgs.clear();
    this.#pending.clear();
  }

  /** Ends it. */
  give(): void {
    this.#client = null;
  }

  /** Whether the connection that it has was lost. */
  get isLost(): boolean {
    return this.#isLost;
  }

  async query(statement: Prepared, values: readonly unknown[]): Promise<QueryResult<Record<string, unknown>>> {
    if (this.#pending.isAny) await this.#pending.write();
    return this.ask(statement, values);
  }

  /** A statement that need not see what is pending. */
  ask({ name, text }: Prepared, values: readonly unknown[]): Promise<QueryResult<Record<string, unknown>>> {
    return this.#answer(() => this.#connection().query({ name, text, values: values.map(parameterOf) }));
  }

  /** As `ask`, for whom the answer tells nothing: that it failed the next one tells, or the end of the transaction. */
  post({ name, text }: Prepared, values: readonly unknown[]): void {
    this.#begin();
    this.#noteSent(this.#connection().query({ name, text, values: values.map(parameterOf) }));
  }

  /** A word of control, such as `savepoint`. */
  say(words: string): Promise<QueryResult> {
    return this.#answer(() => this.#connection().query(words));
  }

  /** Ends the transaction; false: the server had given it up. */
  async commit(): Promise<boolean> {
    if (this.#toBegin !== null) return true;
    const client = this.#connection();
    let isAlone = false;
    const note = ({ code }: { readonly code?: string | undefined }): void => {
      isAlone ||= code === warning;
    };
    client.on("notice", note);
    try {
      const { command } = await this.say("commit");
      if (isAlone) throw commitAlone();
      return command !== "ROLLBACK";
    } finally {
      client.off("notice", note);
    }
  }

  async rollback(): Promise<void> {
    if (this.#toBegin !== null) return;
    // What they failed with was told.
    this.#posted = [];
    await this.say("rollback");
  }

  #begin(): void {
    const words = this.#toBegin;
    this.#toBegin = null;
    if (words !== null) this.#noteSent(this.#connection().query(words));
  }

  #noteSent(sent: Promise<unknown>): void {
    sent.catch(() => undefined);
    this.#posted.push(sent);
  }

  /** What went before is answered before, so the first that failed is the one that is told. */
  async #answer<T>(send: () => Promise<T>): Promise<T> {
    this.#begin();
    const posted = this.#posted;
    this.#posted = [];
    const sent = send();
    sent.catch(() => undefined);
    try {
      for (const each of posted) await each;
      return await sent;
    } catch (error) {
      throw this.#note(error);
    }
  }

  #note(error: unknown): unknown {
    if (isWriteInRead(error) && !this.orgs.isWriting) return error;
    this.#isLost ||= isLost(error);
    return asFault(error);
  }

  /** Runs `work` so that it can be undone alone: two ways to the server, so only where a use case asks for it. */
  async savepoint<T>(work: () => Promise<T>): Promise<T> {
    const held = this.orgs.held;
    await this.writePending();
    await this.say("savepoint step");
    try {
      const result = await work();
      await this.writePending();
      await this.say("release savepoint step");
      return result;
    } catch (error) {
      await this.say("rollback to savepoint step; release savepoint step");
      this.#pending.clear();
      // The locks that were taken in it are gone.
      this.orgs.keepOnly(held);
      throw error;
    }
  }

  #connection(): PoolClient {
    if (this.#client === null) throw new Error("invariant broken: a statement outside its transaction");
    return this.#client;
  }
}
