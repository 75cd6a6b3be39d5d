/** From flags and environment variables to values: the only reader of either. Settings and secrets come apart here. */
import type { CommandName, LogLevel, MetricsAccess, Option } from "./options.ts";
import { optionRows, options } from "./options.ts";
import type { Result } from "../core/result.ts";
import { ok, refuse } from "../core/result.ts";
import { type Roles, roles } from "../core/role.ts";

/** What the command line gave, by flag: the values of one that takes a value, `["true"]` for a switch. */
export type GivenFlags = Readonly<Record<string, readonly string[]>>;
export type Environment = Readonly<Record<string, string | undefined>>;

export type Settings = {
  readonly host: string;
  readonly port: number;
  /** null: not given; the command knows what to use. */
  readonly data: string | null;
  /** What the process does of all that a server does. */
  readonly role: Roles;
  readonly nats: NatsSettings;
  /** null: not given. */
  readonly seed: string | null;
  readonly json: boolean;
  /** null: the address listened on. */
  readonly publicUrl: string | null;
  /** Paths of PEM files, both or neither; null: the server speaks http. */
  readonly tls: { readonly certFile: string; readonly keyFile: string } | null;
  /** Credits an org has in 24 hours; null: no limit. */
  readonly apiCredits: number | null;
  /** Requests an org may have under way at once; null: no limit. */
  readonly apiConcurrency: number | null;
  readonly throttleTokens: boolean;
  /** Spans, in ms. */
  readonly keepHistory: number;
  readonly keepDead: number;
  readonly disableAfter: number;
  readonly metricsAccess: MetricsAccess;
  readonly allowTarget: readonly string[];
  /** null: none. */
  readonly exec: string | null;
  readonly skipInboxChannel: boolean;
  readonly logLevel: LogLevel;
};

/** The files are paths; null each: none. */
export type NatsSettings = {
  readonly replicas: number;
  readonly credsFile: string | null;
  readonly caFile: string | null;
  readonly certFile: string | null;
  readonly keyFile: string | null;
};

export type Secrets = {
  /** null: the server makes one. */
  readonly adminToken: string | null;
  /** null: the store is a folder. */
  readonly databaseUrl: string | null;
  /** null: the store hands out by itself. */
  readonly natsUrl: string | null;
};

/**
 * The values for `command`; the error is one line that names the flag or the variable. A variable that is set to nothing counts as not
 * set, and one that belongs to another command is left alone.
 */
export function readOptions(
  command: CommandName,
  given: { readonly flags: GivenFlags; readonly environment: Environment },
): Result<{ readonly settings: Settings; readonly secrets: Secrets }, string> {
  const faults: string[] = [];
  const stray = optionRows().find(({ option }) => !option.commands.includes(command) && given.flags[option.flag] !== undefined);
  if (stray !== undefined) faults.push(`${stray.option.flag} is not an option of ${command}`);

  function valueOf<T>(option: Option<T>): T {
    if (!option.commands.includes(command)) return option.defaultFor(command);
    const source = textsOf(option, given);
    if (source === null) return option.defaultFor(command);
    const value = option.read(source.texts);
    if (value.ok) return value.value;
    faults.push(`${source.name} ${value.error}`);
    return option.defaultFor(command);
  }

  const certFile = valueOf<string | null>(options.tlsCert);
  const keyFile = valueOf<string | null>(options.tlsKey);
  if (certFile !== null && keyFile === null) faults.push(`${options.tlsCert.flag} needs ${options.tlsKey.flag} too`);
  if (keyFile !== null && certFile === null) faults.push(`${options.tlsKey.flag} needs ${options.tlsCert.flag} too`);

  const settings: Settings = {
    host: valueOf(options.host),
    port: valueOf(options.port),
    data: valueOf<string | null>(options.data),
    role: valueOf(options.role),
    nats: {
      replicas: valueOf(options.natsReplicas),
      credsFile: valueOf<string | null>(options.natsCreds),
      caFile: valueOf<string | null>(options.natsCa),
      certFile: valueOf<string | null>(options.natsCert),
      keyFile: valueOf<string | null>(options.natsKey),
    },
    seed: valueOf<string | null>(options.seed),
    json: valueOf(options.json),
    publicUrl: valueOf<string | null>(options.publicUrl),
    tls: certFile === null || keyFile === null ? null : { certFile, keyFile },
    apiCredits: valueOf<number | null>(options.apiCredits),
    apiConcurrency: valueOf<number | null>(options.apiConcurrency),
    throttleTokens: valueOf(options.throttleTokens),
    keepHistory: valueOf(options.keepHistory),
    keepDead: valueOf(options.keepDead),
    disableAfter: valueOf(options.disableAfter),
    metricsAccess: valueOf(options.metricsAccess),
    allowTarget: valueOf(options.allowTarget),
    exec: valueOf<string | null>(options.exec),
    skipInboxChannel: valueOf(options.skipInboxChannel),
    logLevel: valueOf(options.logLevel),
  };
  const secrets: Secrets = {
    adminToken: valueOf<string | null>(options.adminToken),
    databaseUrl: valueOf<string | null>(options.databaseUrl),
    natsUrl: valueOf<string | null>(options.natsUrl),
  };
  if (secrets.databaseUrl !== null && settings.data !== null) {
    faults.push(`${options.databaseUrl.flag} and ${options.data.flag} exclude each other`);
  }
  if (secrets.databaseUrl === null && settings.role.size < roles.length) {
    faults.push(`${options.role.flag} needs ${options.databaseUrl.flag} too, unless it is all: a folder has one process`);
  }
  faults.push(...natsFaults(settings.nats, secrets));
  const [fault] = faults;
  return fault === undefined ? ok({ settings, secrets }) : refuse(fault);
}

function natsFaults(nats: NatsSettings, { natsUrl, databaseUrl }: Secrets): readonly string[] {
  const { natsUrl: url, natsCert, natsKey } = options;
  const files = [
    [options.natsCreds, nats.credsFile],
    [options.natsCa, nats.caFile],
    [natsCert, nats.certFile],
    [natsKey, nats.keyFile],
  ] as const;
  const stray = natsUrl === null ? files.filter(([, file]) => file !== null).map(([{ flag }]) => `${flag} needs ${url.flag} too`) : [];
  return [
    ...(natsUrl !== null && databaseUrl === null ? [`${url.flag} needs ${options.databaseUrl.flag} too`] : []),
    ...stray,
    ...(nats.certFile !== null && nats.keyFile === null ? [`${natsCert.flag} needs ${natsKey.flag} too`] : []),
    ...(nats.keyFile !== null && nats.certFile === null ? [`${natsKey.flag} needs ${natsCert.flag} too`] : []),
  ];
}

/** Where a value comes from: the flag, else the variable, else null. */
function textsOf<T>(
  option: Option<T>,
  given: { readonly flags: GivenFlags; readonly environment: Environment },
): { readonly name: string; readonly texts: readonly string[] } | null {
  const flag = given.flags[option.flag];
  if (flag !== undefined) return { name: option.flag, texts: flag };
  const variable = given.environment[option.environment]?.trim();
  if (variable === undefined || variable === "") return null;
  return { name: option.environment, texts: option.arity === "repeated" ? listed(variable) : [variable] };
}

function listed(text: string): readonly string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
