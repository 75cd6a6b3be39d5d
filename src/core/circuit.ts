/**
 * A circuit keeps attempts away from a target that fails: one for each channel, and one for each origin that several channels may share.
 *
 *            failed too often,                     time, and an
 *            or asked to wait                      attempt begins
 *   closed ──────────────────► open ─────────────────────────────► half-open
 *     ▲                         ▲                                   │     │
 *     │                         └── failed (twice as long), or ─────┘     │
 *     │                             given back (as long as before)        │
 *     └──────────────────────────────── succeeded ────────────────────────┘
 *
 * While it is open nothing is sent and no attempt is spent. While it is half-open one attempt is under way, the probe. What ends while it
 * is open began before it opened, and tells nothing new.
 */
import type { Random } from "./clock.ts";

export const circuitStates = ["closed", "open", "half-open"] as const;
export type CircuitState = (typeof circuitStates)[number];

export const circuitKinds = ["origin", "channel"] as const;
/** `origin`: what fails is that no answer comes. `channel`: what fails is any attempt that does not deliver. */
export type CircuitKind = (typeof circuitKinds)[number];

export type Circuit = {
  readonly state: CircuitState;
  /** Failed attempts since the last success. */
  readonly failures: number;
  /** The last cool-down, before it was varied; 0 while there was none since the last success. */
  readonly cooldownMs: number;
  /** null unless open. */
  readonly openedAt: number | null;
  /** When the next attempt may be made; null unless open. */
  readonly until: number | null;
  /** null: never, as far as is known. */
  readonly succeededAt: number | null;
};

/**
 * `begun`: an attempt begins. `failed`: `askedMs` is how long the answer asked to be left alone, null when it did not. `abandoned`: an
 * attempt ended and told nothing about the target.
 */
export type CircuitEvent =
  | { readonly kind: "begun" }
  | { readonly kind: "succeeded" }
  | { readonly kind: "failed"; readonly startedAt: number; readonly askedMs: number | null }
  | { readonly kind: "abandoned" };

export type CircuitRules = {
  /** So many failures in a row open it. */
  readonly failuresMax: number;
  readonly cooldownMs: number;
  readonly cooldownMsMax: number;
  /** 0.2 varies each cool-down by up to ±20 %. */
  readonly jitter: number;
  /** The longest that a target is left alone because it asked. */
  readonly restMsMax: number;
};

export type HeardAt = { readonly now: number; readonly random: Random; readonly rules: CircuitRules };

export const newCircuit: Circuit = { state: "closed", failures: 0, cooldownMs: 0, openedAt: null, until: null, succeededAt: null };

type Failed = CircuitEvent & { readonly kind: "failed" };
type Cell = (circuit: Circuit, at: HeardAt) => Circuit;

/** Every state under every event; a failure has its own table, for it carries more. */
const table = {
  closed: { begun: stays, succeeded: closes, abandoned: stays },
  open: { begun: probes, succeeded: stays, abandoned: stays },
  "half-open": { begun: stays, succeeded: closes, abandoned: (circuit, at) => opens(circuit, circuit.cooldownMs, at) },
} satisfies Record<CircuitState, Record<Exclude<CircuitEvent["kind"], "failed">, Cell>>;

const failureTable = {
  closed: failsClosed,
  open: (circuit, failed, at) => ({ ...circuit, until: Math.max(circuit.until ?? 0, at.now + askedOf(failed, at)) }),
  "half-open": (circuit, failed, at) => longer(opens(countFailure(circuit), doubled(circuit, at), at), askedOf(failed, at), at),
} satisfies Record<CircuitState, (circuit: Circuit, failed: Failed, at: HeardAt) => Circuit>;

export function afterEvent(circuit: Circuit, event: CircuitEvent, at: HeardAt): Circuit {
  return event.kind === "failed" ? failureTable[circuit.state](circuit, event, at) : table[circuit.state][event.kind](circuit, at);
}

/** Whether the open circuit lets its probe through. A clock that shows less than when it opened was set back, and the wait means nothing. */
export function isReady({ state, openedAt, until }: Circuit, now: number): boolean {
  return state === "open" && (now >= (until ?? 0) || now < (openedAt ?? 0));
}

function stays(circuit: Circuit): Circuit {
  return circuit;
}

function closes(_circuit: Circuit, { now }: HeardAt): Circuit {
  return { ...newCircuit, succeededAt: now };
}

function probes(circuit: Circuit): Circuit {
  return { ...circuit, state: "half-open", openedAt: null, until: null };
}

function opens(circuit: Circuit, cooldownMs: number, { now, random, rules }: HeardAt): Circuit {
  const waitMs = Math.round(cooldownMs * (1 + rules.jitter * (2 * random.next() - 1)));
  return { ...circuit, state: "open", cooldownMs, openedAt: now, until: now + waitMs };
}

/**
 * Failures come in bunches: what hangs together times out together. So a failure that began before the last success is none of a row:
 * another attempt has shown since that the target answers.
 */
function failsClosed(circuit: Circuit, failed: Failed, at: HeardAt): Circuit {
  const { succeededAt } = circuit;
  // A success in the future is one of before the clock was set back.
  const isSurpassed = succeededAt !== null && succeededAt <= at.now && failed.startedAt < succeededAt;
  const counted = isSurpassed ? circuit : countFailure(circuit);
  const askedMs = askedOf(failed, at);
  if (counted.failures >= at.rules.failuresMax) return longer(opens(counted, doubled(circuit, at), at), askedMs, at);
  return askedMs > 0 ? { ...counted, state: "open", openedAt: at.now, until: at.now + askedMs } : counted;
}

function countFailure(circuit: Circuit): Circuit {
  return { ...circuit, failures: circuit.failures + 1 };
}

function doubled({ cooldownMs }: Circuit, { rules }: HeardAt): number {
  return cooldownMs === 0 ? rules.cooldownMs : Math.min(2 * cooldownMs, rules.cooldownMsMax);
}

function askedOf({ askedMs }: Failed, { rules }: HeardAt): number {
  return Math.min(askedMs ?? 0, rules.restMsMax);
}

function longer(circuit: Circuit, askedMs: number, { now }: HeardAt): Circuit {
  return { ...circuit, until: Math.max(circuit.until ?? 0, now + askedMs) };
}
