/** What a POST and its end need of a channel, kept in memory for the channels that were asked for last; every change of a channel forgets it. */
import type { ChannelHealth } from "../../core/channel.ts";
import { limits } from "../../core/limits.ts";
import { originOf } from "../../core/origin.ts";
import type { ChannelRow } from "../ports/channels.ts";
import { type Database, arg } from "./database.ts";
import type { Memory } from "./memory.ts";
import { readChannel } from "../sql/channel-row.ts";

export type ChannelTarget = Pick<ChannelRow, "notifyUrl" | "token" | "secret" | "previousSecret"> & {
  readonly origin: string;
  readonly health: ChannelHealth;
};

export type ChannelTargets = {
  /** null: there is no such channel. */
  get(channelKey: number): ChannelTarget | null;
  forget(channelKey: number): void;
};

export function channelTargets(db: Database, memory: Memory): ChannelTargets {
  const byKey = db.first(db.builder.selectFrom("channels").selectAll().where("key", "=", arg<number>("key")));
  const known = new Map<number, ChannelTarget>();
  memory.emptyOnUndo(() => known.clear());
  return {
    get: (key) => {
      const target = known.get(key);
      if (target !== undefined) return target;
      const row = byKey({ key });
      if (row === null) return null;
      const { notifyUrl, token, secret, previousSecret, state, cause, stateSince, failingSince } = readChannel(row);
      const health = { state, cause, stateSince, failingSince };
      const found = { notifyUrl, origin: originOf(notifyUrl), token, secret, previousSecret, health };
      if (known.size >= limits.channelTargetsKeptMax) known.clear();
      known.set(key, found);
      return found;
    },
    forget: (key) => void known.delete(key),
  };
}
