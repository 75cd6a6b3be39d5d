/** Every command, in the order in which the help shows them. A new one is a line here. */
import { commandNames } from "../../config/options.ts";
import { backup, restore } from "../areas/backup.ts";
import { changes } from "../areas/changes.ts";
import { channels } from "../areas/channels.ts";
import { clock } from "../areas/clock.ts";
import { deliveries } from "../areas/deliveries.ts";
import { doctor } from "../areas/doctor.ts";
import { init } from "../areas/init.ts";
import { listen } from "../areas/listen.ts";
import { migrateStore } from "../areas/migrate-store.ts";
import { records } from "../areas/records.ts";
import { replays } from "../areas/replays.ts";
import { clients, tokens } from "../areas/tokens.ts";
import type { CommandSpec, GroupSpec } from "./command-spec.ts";

export type Entry =
  /** Described in the table of options. */
  | { readonly kind: "server"; readonly name: (typeof commandNames)[number] }
  | { readonly kind: "single"; readonly command: CommandSpec }
  | { readonly kind: "group"; readonly group: GroupSpec };

export type Chapter = { readonly title: string; readonly entries: readonly Entry[] };

/** `completion` is handed in, because it reads the tree that it stands in. */
export function chapters(completion: CommandSpec): readonly Chapter[] {
  return [
    { title: "Servers", entries: [single(init), ...commandNames.map((name) => ({ kind: "server", name }) as const), single(doctor)] },
    {
      title: "A running server",
      entries: [single(listen), ...[channels, deliveries, replays, changes, records, tokens, clients, clock].map(group)],
    },
    { title: "Data folders", entries: [single(backup), single(restore), single(migrateStore)] },
    { title: "Shells", entries: [single(completion)] },
  ];
}

function single(command: CommandSpec): Entry {
  return { kind: "single", command };
}

function group(of: GroupSpec): Entry {
  return { kind: "group", group: of };
}
