/**
 * The options of the commands that ask a running server: where it is, and the token by which it knows us. They stand in a table of
 * their own because the server's options are of no meaning to them; flags, variables, help and docs/configuration.md are made from it.
 */
import type { Result } from "../core/result.ts";
import { ok, refuse } from "../core/result.ts";
import type { Option } from "./options.ts";
import { options, readAdminToken, readOrigin, readSwitch } from "./options.ts";
import type { Environment } from "./read-options.ts";

export type ConnectionOption<T> = Pick<Option<T>, "environment" | "flag" | "help" | "placeholder" | "isSecret" | "read"> & {
  readonly defaultValue: T;
  /** What help and documentation say of the default. */
  readonly defaultText: string;
};

export type Connection = {
  /** The origin of the server. */
  readonly url: string;
  /** null: none was given. */
  readonly token: string | null;
};

export const connectionOptions = {
  url: {
    flag: "--url",
    environment: "WATCHPOST_URL",
    placeholder: "<origin>",
    isSecret: false,
    help: "The origin of the server to ask.",
    defaultValue: "http://127.0.0.1:8585",
    defaultText: "http://127.0.0.1:8585",
    read: readOrigin,
  },
  token: {
    flag: "--token",
    environment: options.adminToken.environment,
    placeholder: "<token>",
    isSecret: true,
    help: "The server's admin token. Prefer the variable: other users of the machine can read flags.",
    defaultValue: null,
    defaultText: "none",
    read: readAdminToken,
  },
} as const satisfies Record<string, ConnectionOption<unknown>>;

/** Of every command; the server's commands have it in their own table. */
export const jsonOption = {
  flag: options.json.flag,
  environment: options.json.environment,
  placeholder: null,
  isSecret: false,
  help: "Print JSON for a program to read: one document, or one line an item where items go on coming.",
  defaultValue: false,
  defaultText: "false",
  read: readSwitch,
} as const satisfies ConnectionOption<boolean>;

/** The rows in their order. */
export const connectionRows: readonly ConnectionOption<unknown>[] = [connectionOptions.url, connectionOptions.token, jsonOption];

type Given = { readonly flags: Readonly<Record<string, readonly string[]>>; readonly environment: Environment };

/** The values; the error is one line that names the flag or the variable, and never repeats the token. */
export function readConnection(given: Given): Result<Connection & { readonly isJson: boolean }, string> {
  const url = valueOf<string>(connectionOptions.url, given);
  if (!url.ok) return url;
  const token = valueOf<string | null>(connectionOptions.token, given);
  if (!token.ok) return token;
  const isJson = valueOf<boolean>(jsonOption, given);
  return isJson.ok ? ok({ url: url.value, token: token.value, isJson: isJson.value }) : isJson;
}

function valueOf<T>(option: ConnectionOption<T>, { flags, environment }: Given): Result<T, string> {
  const flag = flags[option.flag];
  const variable = environment[option.environment]?.trim() ?? "";
  if (flag === undefined && variable === "") return ok(option.defaultValue);
  const value = option.read(flag ?? [variable]);
  return value.ok ? value : refuse(`${flag === undefined ? option.environment : option.flag} ${value.error}`);
}
