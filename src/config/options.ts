/**
 * Every option of the program, in one table. Flags, environment variables, `--help` and docs/configuration.md are made from it, and
 * nothing else reads a flag or a variable. An option given as a flag wins over its variable, which wins over its default.
 */
import { isIP } from "node:net";
import { readDatabaseUrl } from "../core/database-url.ts";
import { readDuration } from "../core/duration.ts";
import { limits } from "../core/limits.ts";
import { type Roles, everyRole, readRoles as rolesOf } from "../core/role.ts";
import type { Result } from "../core/result.ts";
import { ok, refuse } from "../core/result.ts";
import { natsOptions } from "./nats-options.ts";

export const commandNames = ["dev", "serve", "demo"] as const;
export type CommandName = (typeof commandNames)[number];

export const logLevels = ["silent", "error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof logLevels)[number];

const metricsAccesses = ["open", "admin"] as const;
/** Who may read the metrics: anyone, or who shows an admin token. */
export type MetricsAccess = (typeof metricsAccesses)[number];

export type Option<T> = {
  readonly flag: `--${string}`;
  readonly environment: `WATCHPOST_${string}`;
  /** What stands after the flag in the help; null: the flag takes no value. */
  readonly placeholder: string | null;
  /** `repeated`: the flag may come several times; its variable holds a list, split at commas. */
  readonly arity: "switch" | "single" | "repeated";
  readonly commands: readonly CommandName[];
  readonly isSecret: boolean;
  /** One or more sentences, for the help and the documentation. */
  readonly help: string;
  readonly defaultFor: (command: CommandName) => T;
  /** What the documentation says of the default when its value does not tell enough; null: the value does. */
  readonly defaultText: string | null;
  /** Reads the texts given (one, unless repeated); the error completes the sentence "--flag …". */
  readonly read: (texts: readonly string[]) => Result<T, string>;
};

export type Options = typeof options;
export type OptionName = keyof Options;

const servers = ["dev", "serve"] as const satisfies readonly CommandName[];
const single = { arity: "single", isSecret: false, defaultText: null } as const;

export const options = {
  host: {
    ...single,
    flag: "--host",
    environment: "WATCHPOST_HOST",
    placeholder: "<address>",
    commands: servers,
    help: "The address to listen on. Use 0.0.0.0 or :: to be reached from other machines.",
    defaultFor: (): string => "127.0.0.1",
    read: readText,
  },
  port: {
    ...single,
    flag: "--port",
    environment: "WATCHPOST_PORT",
    placeholder: "<number>",
    commands: servers,
    help: "The port to listen on; 0 picks a free one.",
    defaultFor: (): number => 8585,
    read: readPort,
  },
  data: {
    ...single,
    flag: "--data",
    environment: "WATCHPOST_DATA",
    placeholder: "<folder>",
    commands: servers,
    help: "The folder that holds the store; made when it is not there. One server at a time uses a folder.",
    defaultFor: (): string | null => null,
    defaultText: "`.watchpost/dev` for `dev` (with `--exec` a new temporary folder, removed at the end), `.watchpost/data` for `serve`",
    read: readText,
  },
  databaseUrl: {
    ...single,
    flag: "--database-url",
    environment: "WATCHPOST_DATABASE_URL",
    placeholder: "<url>",
    commands: ["serve"],
    isSecret: true,
    help:
      "Keep everything in this PostgreSQL database, 15 or newer, in place of a folder: postgres://user:password@host:5432/database. Any number of servers may " +
      "share it. Prefer the variable: other users of the machine can read flags.",
    defaultFor: (): string | null => null,
    defaultText: "none: the store is the folder of `--data`",
    read: ([text = ""]: readonly string[]) => readDatabaseUrl(text),
  },
  role: {
    ...single,
    flag: "--role",
    environment: "WATCHPOST_ROLE",
    placeholder: "<roles>",
    commands: ["serve"],
    help:
      "What this process does where several share a database: `api` answers requests, `dispatch` sends what is owed, `janitor` removes what is old, gives notices " +
      "and makes the steps of replays. One, several with commas between, or `all`. Anything but `all` needs `--database-url`.",
    defaultFor: (): Roles => everyRole,
    defaultText: "`all`",
    read: readRoles,
  },
  ...natsOptions,
  seed: {
    ...single,
    flag: "--seed",
    environment: "WATCHPOST_SEED",
    placeholder: "<file>",
    commands: servers,
    help: "A JSON file with orgs, users, clients, modules and records to start with. What is there already is left as it is.",
    defaultFor: (): string | null => null,
    defaultText: "a built-in sample org for `dev`, none for `serve`",
    read: readText,
  },
  json: {
    flag: "--json",
    environment: "WATCHPOST_JSON",
    placeholder: null,
    arity: "switch",
    isSecret: false,
    commands: commandNames,
    help: "Print JSON for a program to read: one line when the server is ready, or for `demo` one line a step.",
    defaultFor: (): boolean => false,
    defaultText: null,
    read: readSwitch,
  },
  publicUrl: {
    ...single,
    flag: "--public-url",
    environment: "WATCHPOST_PUBLIC_URL",
    placeholder: "<url>",
    commands: servers,
    help: "The origin under which clients reach the server, such as https://crm.example.com. It stands in `resource_uri` and `api_domain`.",
    defaultFor: (): string | null => null,
    defaultText: "the address listened on",
    read: readOrigin,
  },
  tlsCert: {
    ...single,
    flag: "--tls-cert",
    environment: "WATCHPOST_TLS_CERT",
    placeholder: "<file>",
    commands: servers,
    help:
      "The server's certificate in PEM, followed by those that lead to its authority. With `--tls-key` the server speaks https, TLS 1.2 or later, " +
      "and no http; it reads both files when it starts.",
    defaultFor: (): string | null => null,
    defaultText: "none: the server speaks http",
    read: readText,
  },
  tlsKey: {
    ...single,
    flag: "--tls-key",
    environment: "WATCHPOST_TLS_KEY",
    placeholder: "<file>",
    commands: servers,
    help: "The private key of `--tls-cert`, in PEM and without a passphrase.",
    defaultFor: (): string | null => null,
    defaultText: "none",
    read: readText,
  },
  apiCredits: {
    ...single,
    flag: "--api-credits",
    environment: "WATCHPOST_API_CREDITS",
    placeholder: "<number>",
    commands: servers,
    help:
      "How many API credits each org has in 24 hours. A call costs one, a write of records one for every ten of them. Counted in memory, " +
      "from nothing at each start.",
    defaultFor: (): number | null => null,
    defaultText: "no limit",
    read: (texts: readonly string[]) => readCount(texts, limits.apiCreditsMax),
  },
  apiConcurrency: {
    ...single,
    flag: "--api-concurrency",
    environment: "WATCHPOST_API_CONCURRENCY",
    placeholder: "<number>",
    commands: servers,
    help: "How many requests each org may have under way at once.",
    defaultFor: (): number | null => null,
    defaultText: "no limit",
    read: (texts: readonly string[]) => readCount(texts, limits.apiConcurrencyMax),
  },
  throttleTokens: {
    flag: "--throttle-tokens",
    environment: "WATCHPOST_THROTTLE_TOKENS",
    placeholder: null,
    arity: "switch",
    isSecret: false,
    commands: servers,
    help:
      `Give at most ${String(limits.accessTokensPerWindowMax)} access tokens a refresh token and ${String(limits.grantsPerWindowMax)} codes a client ` +
      "in ten minutes, as Zoho does.",
    defaultFor: (): boolean => false,
    defaultText: null,
    read: readSwitch,
  },
  keepHistory: {
    ...single,
    flag: "--keep-history",
    environment: "WATCHPOST_KEEP_HISTORY",
    placeholder: "<duration>",
    commands: servers,
    help:
      "How long deliveries that were delivered or cancelled, their attempts, changes and expired channels are kept, such as 36h, 7d or P2W: " +
      "from 1 hour to 3650 days.",
    defaultFor: (): number => limits.historyMs,
    defaultText: "`7d`",
    read: readSpan,
  },
  keepDead: {
    ...single,
    flag: "--keep-dead",
    environment: "WATCHPOST_KEEP_DEAD",
    placeholder: "<duration>",
    commands: servers,
    help: "How long dead deliveries are kept: from 1 hour to 3650 days.",
    defaultFor: (): number => limits.deadMs,
    defaultText: "`30d`",
    read: readSpan,
  },
  disableAfter: {
    ...single,
    flag: "--disable-after",
    environment: "WATCHPOST_DISABLE_AFTER",
    placeholder: "<duration>",
    commands: servers,
    help: "How long every attempt to a channel's target may have failed before the channel is disabled: from 1 hour to 3650 days.",
    defaultFor: (): number => limits.failingMs,
    defaultText: "`5d`",
    read: readSpan,
  },
  metricsAccess: {
    ...single,
    flag: "--metrics-access",
    environment: "WATCHPOST_METRICS_ACCESS",
    placeholder: "<who>",
    commands: servers,
    help: "Who may read /metrics: `open` is anyone who reaches the server, `admin` whoever shows the admin token.",
    defaultFor: (): MetricsAccess => "open",
    defaultText: null,
    read: readMetricsAccess,
  },
  allowTarget: {
    ...single,
    arity: "repeated",
    flag: "--allow-target",
    environment: "WATCHPOST_ALLOW_TARGET",
    placeholder: "<cidr>",
    commands: servers,
    help:
      "A network that a notify_url may point to although it is not public, such as 10.0.0.0/8; may be given several times. " +
      "Public addresses are always allowed, and `dev` allows loopback besides.",
    defaultFor: (): readonly string[] => [],
    defaultText: "none",
    read: readNetworks,
  },
  exec: {
    ...single,
    flag: "--exec",
    environment: "WATCHPOST_EXEC",
    placeholder: "<command>",
    commands: ["dev"],
    help: "Run a shell command once the server is ready, with the connection in its environment, and exit with its code.",
    defaultFor: (): string | null => null,
    defaultText: "none",
    read: readText,
  },
  skipInboxChannel: {
    flag: "--skip-inbox-channel",
    environment: "WATCHPOST_SKIP_INBOX_CHANNEL",
    placeholder: null,
    arity: "switch",
    isSecret: false,
    commands: ["dev"],
    help:
      "Do not subscribe the channel 1 of the first client's user to the inbox. Without this `dev` does so at each start, for a week, so that the " +
      "console shows a first notification without any code; never with `--exec`, over https, or where the user has a channel 1 of their own.",
    defaultFor: (): boolean => false,
    defaultText: null,
    read: readSwitch,
  },
  adminToken: {
    ...single,
    flag: "--admin-token",
    environment: "WATCHPOST_ADMIN_TOKEN",
    placeholder: "<token>",
    commands: servers,
    isSecret: true,
    help: "The bearer token of the admin API. Prefer the variable: other users of the machine can read flags.",
    defaultFor: (): string | null => null,
    defaultText: "a new one at each start, printed when the server is ready",
    read: readAdminToken,
  },
  logLevel: {
    ...single,
    flag: "--log-level",
    environment: "WATCHPOST_LOG_LEVEL",
    placeholder: "<level>",
    commands: servers,
    help: `How much to log on stderr, as JSON lines: ${logLevels.join(", ")}.`,
    defaultFor: (command: CommandName): LogLevel => (command === "serve" ? "info" : "warn"),
    read: readLogLevel,
  },
} satisfies Record<string, Option<unknown>>;

/** The table's rows in their order, each with its name. */
export function optionRows(): readonly { readonly name: OptionName; readonly option: Option<unknown> }[] {
  return Object.entries(options).map(([name, option]) => ({ name: name as OptionName, option }));
}

export function readText([text = ""]: readonly string[]): Result<string, string> {
  return text.trim() === "" ? refuse("expects a value") : ok(text);
}

function readPort([text = ""]: readonly string[]): Result<number, string> {
  const port = Number(text);
  return /^\d{1,5}$/.test(text) && port <= 65_535 ? ok(port) : refuse(`expects a number from 0 to 65535, not ${quoted(text)}`);
}

/** A whole number from 1. */
function readCount([text = ""]: readonly string[], max: number): Result<number, string> {
  const count = Number(text);
  const isCount = /^\d{1,15}$/.test(text) && count >= 1 && count <= max;
  return isCount ? ok(count) : refuse(`expects a number from 1 to ${String(max)}, not ${quoted(text)}`);
}

/** A length of time, in ms. */
function readSpan([text = ""]: readonly string[]): Result<number, string> {
  const spanMs = readDuration(text.trim());
  const isWithin = spanMs !== null && spanMs >= limits.spanMsMin && spanMs <= limits.spanMsMax;
  return isWithin ? ok(spanMs) : refuse(`expects a duration from 1h to 3650d, such as 36h or 7d, not ${quoted(text)}`);
}

function readRoles([text = ""]: readonly string[]): Result<Roles, string> {
  const named = rolesOf(text);
  return named === null ? refuse(`expects all, or some of api, dispatch and janitor with commas between, not ${quoted(text)}`) : ok(named);
}

function readMetricsAccess([text = ""]: readonly string[]): Result<MetricsAccess, string> {
  const access = metricsAccesses.find((known) => known === text);
  return access === undefined ? refuse(`expects one of ${metricsAccesses.join(", ")}, not ${quoted(text)}`) : ok(access);
}

export function readSwitch([text = ""]: readonly string[]): Result<boolean, string> {
  if (text === "true" || text === "1") return ok(true);
  if (text === "false" || text === "0") return ok(false);
  return refuse(`expects true or false, not ${quoted(text)}`);
}

export function readOrigin([text = ""]: readonly string[]): Result<string, string> {
  const url = URL.parse(text);
  const isOrigin =
    url !== null &&
    (url.protocol === "http:" || url.protocol === "https:") &&
    url.pathname === "/" &&
    `${url.search}${url.hash}${url.username}${url.password}` === "";
  return isOrigin ? ok(url.origin) : refuse(`expects an http or https origin without a path, not ${quoted(text)}`);
}

function readNetworks(texts: readonly string[]): Result<readonly string[], string> {
  const wrong = texts.find((text) => !isNetwork(text));
  return wrong === undefined ? ok(texts) : refuse(`expects networks such as 10.0.0.0/8 or fd00::/8, not ${quoted(wrong)}`);
}

/** A literal address, alone or with the length of a prefix. */
function isNetwork(text: string): boolean {
  const [address = "", bits, ...rest] = text.split("/");
  const family = isIP(address);
  if (family === 0 || address.includes("%") || rest.length > 0) return false;
  return bits === undefined || (/^(0|[1-9]\d{0,2})$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

/** The text itself is never repeated in an error. */
export function readAdminToken([text = ""]: readonly string[]): Result<string, string> {
  const { adminTokenCharsMin: min, adminTokenCharsMax: max } = limits;
  const isToken = /^[\x21-\x7e]+$/.test(text) && text.length >= min && text.length <= max;
  return isToken ? ok(text) : refuse(`expects ${String(min)} to ${String(max)} printable ASCII characters without spaces`);
}

function readLogLevel([text = ""]: readonly string[]): Result<LogLevel, string> {
  const level = logLevels.find((known) => known === text);
  return level === undefined ? refuse(`expects one of ${logLevels.join(", ")}, not ${quoted(text)}`) : ok(level);
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
