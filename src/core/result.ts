/**
 * The two ways a question of ours can end: with a value, or with a refusal (a value too, never a throw).
 */
import type { Refusal } from "./refusal.ts";

export type Result<T, E = Refusal> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function refuse<E>(error: E): { readonly ok: false; readonly error: E } {
  return { ok: false, error };
}
