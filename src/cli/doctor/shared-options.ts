/** What `doctor` is told of a database and a broker: the options of `serve`, read as `serve` reads them. */
import { options } from "../../config/options.ts";
import type { Option } from "../../config/options.ts";
import { type GivenFlags, type NatsSettings, readOptions } from "../../config/read-options.ts";
import { usageFault } from "../complaint.ts";
import type { Call, Example, OptionSpec } from "../tree/command-spec.ts";
import { flagCount } from "../tree/read-values.ts";

const { databaseUrl, natsUrl, natsReplicas, natsCreds, natsCa, natsCert, natsKey } = options;
const rows: readonly Pick<Option<unknown>, "flag" | "environment" | "placeholder" | "read">[] = [
  databaseUrl,
  natsUrl,
  natsReplicas,
  natsCreds,
  natsCa,
  natsCert,
  natsKey,
];

const helps: Readonly<Record<string, string>> = {
  [databaseUrl.flag]: "The database of the servers",
  [natsUrl.flag]: "Their NATS servers",
  [natsReplicas.flag]: "On how many of them messages are to be kept, 1 or 3",
  [natsCreds.flag]: "The credentials for NATS",
  [natsCa.flag]: "The authorities of its certificates",
  [natsCert.flag]: "The certificate to show to it",
  [natsKey.flag]: "The key of that certificate",
};

const nodes = { flag: "--nodes", max: 1_000 } as const;

export const sharedDetails =
  "Where a database is named: whether it can be reached and used, its version, what the login may do, its schema, whether a pooler keeps sessions, its clock, whether it takes writes and keeps them, " +
  "and whether there are connections for the servers. Where NATS is named: each of its servers, their versions, JetStream, whether there are servers for the copies and room for a message. Nothing is made there.";

export const sharedExample: Example = {
  line: "watchpost doctor --skip-server --database-url postgres://watchpost:PASSWORD@127.0.0.1:5432/watchpost --nodes 3",
  says: "Before three servers are started on a database.",
};

export const sharedOptions: readonly OptionSpec[] = [
  ...rows.map(({ flag, environment, placeholder }) => ({
    flag,
    placeholder,
    help: `${helps[flag] ?? ""}, as for \`serve\`; ${environment} unless said.`,
    isPath: placeholder === "<file>",
  })),
  { flag: nodes.flag, placeholder: "<count>", help: "For how many servers the database is to have connections; 1 unless said." },
];

export type SharedParts = {
  readonly databaseUrl: string;
  /** null: no broker. */
  readonly broker: { readonly url: string; readonly nats: NatsSettings } | null;
  readonly nodes: number;
};

/** The flags of the call that `serve` has too, for what looks over all that it would read. */
export function sharedFlags(call: Call): GivenFlags {
  return Object.fromEntries(rows.flatMap(({ flag }) => (call.flags[flag] === undefined ? [] : [[flag, call.flags[flag]]])));
}

/** null: no database is named, or what is said of one cannot be; the check of the options tells what. A flag that is wrong is a complaint. */
export function sharedParts(call: Call): SharedParts | null {
  const flags = sharedFlags(call);
  for (const { flag, read } of rows) {
    const value = flags[flag] === undefined ? null : read(flags[flag]);
    if (value?.ok === false) throw usageFault(`${flag} ${value.error}`);
  }
  const count = flagCount(call, nodes.flag, { min: 1, max: nodes.max }) ?? 1;
  const environment = Object.fromEntries(rows.map((row) => [row.environment, call.environment[row.environment]]));
  const read = readOptions("serve", { flags, environment });
  if (!read.ok) return null;
  const { secrets, settings } = read.value;
  if (secrets.databaseUrl === null) return null;
  const broker = secrets.natsUrl === null ? null : { url: secrets.natsUrl, nats: settings.nats };
  return { databaseUrl: secrets.databaseUrl, broker, nodes: count };
}
