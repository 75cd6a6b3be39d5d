/** Every write that changes what a Home is read from raises its org's epoch, so that the other processes read theirs again. */
import type { ChannelRows } from "../ports/channels.ts";
import type { MetadataRows } from "../ports/metadata.ts";
import type { OrgRows } from "../ports/orgs.ts";
import type { RetentionRows } from "../ports/retention.ts";
import type { OrgStates } from "./org-states.ts";

type HomeRows = {
  readonly orgs: OrgRows;
  readonly metadata: MetadataRows;
  readonly channels: ChannelRows;
  readonly retention: RetentionRows;
};

/** The row groups, with those of their methods that change Homes telling the transaction's orgs of it. */
export function raising(states: OrgStates, { orgs, metadata, channels, retention }: HomeRows): HomeRows {
  const raisedFirst =
    <Rest extends readonly unknown[], T>(write: (org: number, ...rest: Rest) => T | Promise<T>) =>
    async (org: number, ...rest: Rest): Promise<T> => {
      await states.raise(org);
      return write(org, ...rest);
    };
  return {
    orgs: { ...orgs, insertUser: raisedFirst(orgs.insertUser), updateUser: raisedFirst(orgs.updateUser) },
    metadata: {
      ...metadata,
      insertModule: raisedFirst(metadata.insertModule),
      updateModule: raisedFirst(metadata.updateModule),
      removeModule: raisedFirst(metadata.removeModule),
      insertField: raisedFirst(metadata.insertField),
      updateField: raisedFirst(metadata.updateField),
      removeField: raisedFirst(metadata.removeField),
      touch: raisedFirst(metadata.touch),
    },
    channels: {
      ...channels,
      put: async (channel) => {
        await states.raise(channel.org);
        await channels.put(channel);
      },
      remove: raisedFirst(channels.remove),
      setHealth: raisedFirst(channels.setHealth),
    },
    retention: {
      ...retention,
      purgeChannels: async (order) => {
        const keys = await retention.purgeChannels(order);
        if (keys.length > 0) await states.raise(order.org);
        return keys;
      },
    },
  };
}
