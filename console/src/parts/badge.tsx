/** A state in one word, with a colour that only repeats what the word says. */
import type { ReactNode } from "react";
import type { ChannelState } from "../api/channels.ts";
import type { Attempt, DeliveryStatus } from "../api/deliveries.ts";
import css from "./badge.module.css";

export type Tone = "ok" | "warn" | "bad" | "busy" | "idle";

export function Badge({ tone, children, hasDot = true }: { readonly tone: Tone; readonly children: ReactNode; readonly hasDot?: boolean }) {
  return <span className={`${css["badge"]} ${css[tone]} ${hasDot ? "" : css["plain"]}`}>{children}</span>;
}

const statusTones: Record<DeliveryStatus, Tone> = {
  waiting: "idle",
  pending: "busy",
  claimed: "busy",
  delivered: "ok",
  dead: "bad",
  cancelled: "idle",
};

/** A delivery's status; one that failed and is tried again looks different from one not yet tried. */
export function StatusBadge({ status, attempts = 0 }: { readonly status: DeliveryStatus; readonly attempts?: number }) {
  const isRetrying = status === "pending" && attempts > 0;
  return <Badge tone={isRetrying ? "warn" : statusTones[status]}>{isRetrying ? "retrying" : status}</Badge>;
}

const stateTones: Record<ChannelState, Tone> = { active: "ok", paused: "warn", disabled: "bad" };

export function StateBadge({ state }: { readonly state: ChannelState }) {
  return <Badge tone={stateTones[state]}>{state}</Badge>;
}

const outcomeTones: Record<Attempt["outcome"], Tone> = {
  delivered: "ok",
  retryable: "warn",
  gone: "bad",
  rejected: "bad",
  unreachable: "bad",
  refused_target: "bad",
  released: "idle",
};

export function outcomeTone(outcome: Attempt["outcome"]): Tone {
  return outcomeTones[outcome];
}

export function OutcomeBadge({ outcome, httpStatus }: { readonly outcome: Attempt["outcome"]; readonly httpStatus: number | null }) {
  return (
    <Badge tone={outcomeTones[outcome]}>
      {httpStatus === null ? outcome.replace("_", " ") : `${httpStatus} ${outcome.replace("_", " ")}`}
    </Badge>
  );
}
