/** Short notes about what was just done. The page reads them out; they go away by themselves, those about failures later. */
import { useSyncExternalStore } from "react";
import { startTimer } from "./browser.ts";

export type Toast = { readonly id: number; readonly kind: "ok" | "bad"; readonly text: string };

const shownMs = { ok: 5_000, bad: 15_000 } as const;

let toasts: readonly Toast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

export function showToast(toast: Omit<Toast, "id">): void {
  const id = nextId;
  nextId += 1;
  set([...toasts.slice(-2), { ...toast, id }]);
  startTimer(shownMs[toast.kind], () => closeToast(id));
}

export function closeToast(id: number): void {
  set(toasts.filter((toast) => toast.id !== id));
}

export function useToasts(): readonly Toast[] {
  return useSyncExternalStore(subscribe, () => toasts);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}
