/** The processes that share the store, and the one of them that makes the steps which are made once for all. */
import { limits } from "../core/limits.ts";
import type { Input, Output } from "./commands.ts";
import type { Context } from "./context.ts";
import { newNodeId } from "./secrets.ts";

export async function joinNodes({ tx, now }: Context, { roles }: Input<"nodes.join">): Promise<Output<"nodes.join">> {
  const id = newNodeId();
  await tx.nodes.join({ id, roles, joinedAt: now });
  return { id };
}

export async function beatNode({ tx }: Context, { id, isCandidate }: Input<"nodes.beat">): Promise<Output<"nodes.beat">> {
  if (!(await tx.nodes.beat(id))) return null;
  const leader = isCandidate ? await tx.nodes.takeLead(id) : null;
  return { nodes: await tx.nodes.all(), isLeader: leader === id };
}

export async function removeNode(context: Context, { id, beats }: Input<"nodes.remove">): Promise<Output<"nodes.remove">> {
  const { tx, now } = context;
  // No lease that was given by now, by whatever clock, ends much later.
  const released = await tx.nodes.remove({ id, beats, now, leaseUntil: now + 2 * limits.leaseMs });
  // What it would have woken for is not among what it had claimed: the others look at all that waits, and know when it falls due.
  if (released !== null) context.noteDelivery();
  return { released };
}

export async function freeClaims(context: Context, { tokens }: Input<"nodes.free">): Promise<Output<"nodes.free">> {
  const { tx, now } = context;
  const freed = await tx.nodes.free({ tokens, now, leaseUntil: now + 2 * limits.leaseMs });
  if (freed > 0) context.noteDelivery();
  return { freed };
}

export async function giveUpLead({ tx }: Context, { id }: Input<"nodes.giveUpLead">): Promise<null> {
  await tx.nodes.giveUpLead(id);
  return null;
}

/** The step, made only while the node that makes it leads; nobody else takes the lead before its commit. */
export function led<I extends { readonly leader?: string | null }, O>(
  step: (context: Context, input: I) => Promise<O>,
): (context: Context, input: I) => Promise<O> {
  return async (context, input) => {
    const { leader = null } = input;
    if (leader !== null && !(await context.tx.nodes.holdLead(leader))) throw new Error("another process leads by now");
    return step(context, input);
  };
}
