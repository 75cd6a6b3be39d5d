/** Writes down what was done through the admin API, right after it was done and before the caller hears of it. */
import type { AuditActor } from "../core/audit.ts";
import { limits } from "../core/limits.ts";
import type { Descriptions } from "../openapi/description.ts";
import type { OwnCall } from "./own-surface.ts";

export type Act = {
  readonly actor: AuditActor;
  readonly method: string;
  /** As the route table writes it. */
  readonly route: string;
  readonly status: number;
  /** In place of what the description of the route says. */
  readonly summary?: string;
};

/** What cannot be written down is told in the log: the act itself is done and cannot be taken back. */
export async function writeDown({ engine, events, raw }: OwnCall, { actor, method, route, status, summary }: Act): Promise<void> {
  const path = ((raw.url ?? "").split("?", 1)[0] ?? "").slice(0, limits.auditPathCharsMax);
  try {
    await engine.run("audit.add", { actor, method, path, status, summary: summary ?? (await summaryOf(method, route)) });
  } catch (error) {
    // Expected: the disk is full, or the store is being closed.
    events.auditFaulted({ method, path, error });
  }
}

/** What the description of the route says; loaded at the first act, for it is much text. */
async function summaryOf(method: string, route: string): Promise<string> {
  const { descriptions } = await import("../openapi/descriptions.ts");
  const all: Descriptions = descriptions;
  return all[route]?.[method]?.summary ?? "";
}
