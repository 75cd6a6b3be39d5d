/**
 * Where somebody stands between the application's question and the answer, as a signed text in a hidden field of the form. So the
 * server remembers nothing and sets no cookie, and a form that it did not make, or not for this user, is worth nothing.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "../core/clock.ts";
import { limits } from "../core/limits.ts";
import type { Profile } from "../core/principal.ts";

/** What the application asked for, found to be in order. */
export type AuthRequest = {
  readonly clientId: string;
  readonly clientName: string;
  readonly orgName: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  /** Given back as it came; null: none came. */
  readonly state: string | null;
  /** Whether the code gives a refresh token. */
  readonly isOffline: boolean;
};

export type Ticket = {
  readonly request: AuthRequest;
  /** Who has signed in; null: nobody yet. */
  readonly user: Profile | null;
};

export type Tickets = {
  /** The text for the form; good for ten minutes. */
  write(ticket: Ticket): string;
  /** What the text says; null when it is not ours, or too old. */
  read(text: string): Ticket | null;
};

export function createTickets(key: Buffer, clock: Pick<Clock, "now">): Tickets {
  return {
    write(ticket) {
      const payload = Buffer.from(JSON.stringify({ ticket, until: clock.now() + limits.signInFormMs })).toString("base64url");
      return `${payload}.${signatureOf(key, payload).toString("base64url")}`;
    },
    read(text) {
      const [payload = "", signature = ""] = text.split(".");
      const [given, right] = [Buffer.from(signature, "base64url"), signatureOf(key, payload)];
      if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
      // The signature tells that `write` made it.
      const { ticket, until } = JSON.parse(Buffer.from(payload, "base64url").toString()) as { ticket: Ticket; until: number };
      return until > clock.now() ? ticket : null;
    },
  };
}

function signatureOf(key: Buffer, payload: string): Buffer {
  return createHmac("sha256", key).update(payload).digest();
}
