/** How claims and settlements cross the thread boundary: they are many in one command, and packed. Everything else goes as it is. */
import type { Claim, Settlement } from "../core/attempt.ts";
import type { Output } from "./commands.ts";
import type { Job, Reply } from "./executor.ts";
import { type Packed, packRows, unpackRows } from "./packed-rows.ts";

export type PackedJob = Exclude<Job, { readonly name: "dispatch.settle" }> | { readonly name: "dispatch.settle"; readonly packed: Packed };

export type PackedReply = Reply | { readonly ok: true; readonly packed: Packed; readonly rest: Omit<Output<"dispatch.claim">, "claims"> };

export function packJob(job: Job): PackedJob {
  return job.name === "dispatch.settle" ? { name: job.name, packed: packRows(job.input.settlements) } : job;
}

export function unpackJob(job: PackedJob): Job {
  return "packed" in job ? { name: job.name, input: { settlements: unpackRows<Settlement>(job.packed) } } : job;
}

export function packReply(reply: Reply): PackedReply {
  if (!reply.ok || !isClaimed(reply.output)) return reply;
  const { claims, ...rest } = reply.output;
  return { ok: true, packed: packRows(claims), rest };
}

export function unpackReply(reply: PackedReply | undefined): Reply | undefined {
  if (reply === undefined || !("packed" in reply)) return reply;
  return { ok: true, output: { claims: unpackRows<Claim>(reply.packed), ...reply.rest } };
}

/** No other output has claims. */
function isClaimed(output: unknown): output is Output<"dispatch.claim"> {
  return typeof output === "object" && output !== null && "claims" in output && "passedOver" in output;
}
