/**
 * Records that a transaction has read or written, in the orgs that it holds: nobody else changes them before its end. What it writes stands
 * here first and in the table later.
 */
import type { Id } from "../../core/ids.ts";
import type { OrgKey } from "../../core/org.ts";
import type { Tables } from "../sql/tables.ts";

export type RecordRow = Tables["records"];

export type WrittenRow = { readonly row: RecordRow; readonly isNew: boolean };

export class RecordCache {
  readonly #rows = new Map<string, RecordRow | null>();
  #written = new Map<string, WrittenRow>();

  clear(): void {
    this.#rows.clear();
    this.#written.clear();
  }

  /** null: there is none; undefined: it is not known here. */
  get(org: OrgKey, module: string, id: Id): RecordRow | null | undefined {
    return this.#rows.get(keyOf(org, module, id));
  }

  note(of: { readonly org: OrgKey; readonly module: string; readonly id: Id }, row: RecordRow | null): void {
    this.#rows.set(keyOf(of.org, of.module, of.id), row);
  }

  write(row: RecordRow, { isNew }: { readonly isNew: boolean }): void {
    const key = keyOf(row.org, row.module, row.id);
    this.#rows.set(key, row);
    this.#written.set(key, { row, isNew: isNew || this.#written.get(key)?.isNew === true });
  }

  get isWritten(): boolean {
    return this.#written.size > 0;
  }

  /** What is to be written into the table, once. */
  takeWritten(): readonly WrittenRow[] {
    const written = [...this.#written.values()];
    this.#written = new Map();
    return written;
  }
}

function keyOf(org: OrgKey, module: string, id: Id): string {
  return `${String(org)}/${module}/${id}`;
}
