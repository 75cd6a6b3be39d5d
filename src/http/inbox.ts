/** The inbox of `dev`: the last messages that a receiver of our own took, in memory. */
import type { MessageChecks } from "../app/commands.ts";
import { limits } from "../core/limits.ts";

export type InboxMessage = {
  readonly id: number;
  readonly receivedAt: number;
  readonly method: string;
  /** With its query string. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly checks: MessageChecks & { readonly isIdSeenBefore: boolean };
};

export type Inbox = {
  /** Whether the `webhook-id` came before; null, none was sent, never did. From now on it has. */
  seeId(webhookId: string | null): boolean;
  put(message: Omit<InboxMessage, "id">): void;
  /** The newest first. */
  messages(): readonly InboxMessage[];
  /** Forgets the messages and the ids. */
  clear(): void;
};

export function createInbox(): Inbox {
  let messages: InboxMessage[] = [];
  let last = 0;
  // In the order in which they came, so the first is the oldest.
  const ids = new Set<string>();
  return {
    seeId(webhookId) {
      if (webhookId === null) return false;
      if (ids.has(webhookId)) return true;
      ids.add(webhookId);
      const oldest = ids.values().next();
      if (ids.size > limits.inboxIdsKeptMax && oldest.done !== true) ids.delete(oldest.value);
      return false;
    },
    put(message) {
      messages = [{ id: (last += 1), ...message }, ...messages].slice(0, limits.inboxMessagesMax);
    },
    messages: () => messages,
    clear() {
      messages = [];
      ids.clear();
    },
  };
}
