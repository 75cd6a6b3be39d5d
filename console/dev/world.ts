/** The state of the fake server: made once, changed by what the console does, gone when the process ends. */
import type { AccessClient, AuditEntry, Org, Token, User } from "../src/api/access.ts";
import type { ChangeDetail } from "../src/api/changes.ts";
import type { Channel, LifecycleEvent } from "../src/api/channels.ts";
import type { CrmField } from "../src/api/crm.ts";
import type { Attempt, DeliveryDetail } from "../src/api/deliveries.ts";
import type { Json, JsonObject } from "../src/api/json.ts";
import type { Replay } from "../src/api/replays.ts";
import type { InboxMessage } from "../src/api/server-state.ts";

/** What may be written; everything that is sent is one of the types above. */
type Changing<T> = { -readonly [Key in keyof T]: T[Key] };

export type FakeChannel = Changing<Channel> & {
  /** What its target answers. */
  answers: number;
};
export type FakeDelivery = Changing<Omit<DeliveryDetail, "attempts">> & { attempts: Attempt[] };
export type FakeRecord = { id: string; values: Record<string, Json> };
export type FakeModule = {
  apiName: string;
  plural: string;
  singular: string;
  isCustom: boolean;
  fields: CrmField[];
  records: FakeRecord[];
};

export type World = {
  readonly token: string;
  readonly isDev: boolean;
  baseUrl: string;
  /** How far the clock is ahead. */
  offsetMs: number;
  nextId: number;
  sessions: Map<string, string>;
  orgs: Changing<Org>[];
  users: User[];
  clients: AccessClient[];
  tokens: { token: Token; secret: string }[];
  audit: AuditEntry[];
  channels: FakeChannel[];
  deliveries: FakeDelivery[];
  changes: ChangeDetail[];
  replays: Changing<Replay>[];
  lifecycle: LifecycleEvent[];
  inbox: InboxMessage[];
  modules: FakeModule[];
  /** Attempts made, for the figures: when, and whether they went well. */
  attempts: { atMs: number; isGood: boolean; ms: number }[];
  readonly now: () => number;
  /** Tells the open streams. */
  emit: (event: string, data: unknown) => void;
};

export const zgid = "554023000";

export function isoAt(world: World, ageMs = 0): string {
  return new Date(world.now() + world.offsetMs - ageMs).toISOString();
}

export function takeId(world: World): number {
  world.nextId += 1;
  return world.nextId;
}

export function emptyWorld(now: () => number, options: { readonly token: string; readonly isDev: boolean }): World {
  return {
    ...options,
    baseUrl: "",
    offsetMs: 0,
    nextId: 1000,
    sessions: new Map(),
    orgs: [],
    users: [],
    clients: [],
    tokens: [],
    audit: [],
    channels: [],
    deliveries: [],
    changes: [],
    replays: [],
    lifecycle: [],
    inbox: [],
    modules: [],
    attempts: [],
    now,
    emit: () => undefined,
  };
}

export function recordJson(record: FakeRecord): JsonObject & { readonly id: string } {
  return { ...record.values, id: record.id };
}
