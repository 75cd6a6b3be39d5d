/** docs/configuration.md, made from the option table; a test compares the file with it. */
import type { ConnectionOption } from "./connection-options.ts";
import { connectionRows } from "./connection-options.ts";
import type { CommandName, Option } from "./options.ts";
import { commandNames, optionRows } from "./options.ts";

/** What each command is for, in one sentence; the help says the same. */
export const commandPurposes = {
  dev: "A server for your own machine or a test run: loopback targets allowed, a sample org, credentials printed.",
  serve: "A server for production: nothing is made up, and only public targets are allowed unless you name others.",
  demo: "The main job from end to end, shown step by step against a server and a receiver of its own.",
} as const satisfies Record<CommandName, string>;

const asking = `## Commands that ask a running server

All other commands (\`channels\`, \`deliveries\`, \`listen\` and more: \`docs/cli.md\`) have these three options besides their own.

`;

const opening = `# Configuration

Options are flags or environment variables. A flag wins over its variable, and the variable over the default; a variable
that is set to nothing counts as not set. A wrong value, an unknown flag or an unknown command prints one line on stderr
and ends with exit code 2. A server that cannot start for another reason (the port is taken, the data folder is in use or
cannot be written) prints one line and ends with exit code 1.

`;

const readyLine = `## The ready line

With \`--json\` a server prints exactly one line on stdout when it is ready, and nothing after it:

\`\`\`text
{"ready":true,"base_url":"http://127.0.0.1:8585","accounts_url":"http://127.0.0.1:8585","console_url":"http://127.0.0.1:8585/console/","admin_token":"…"}
\`\`\`

- \`base_url\`: the origin of the API.
- \`accounts_url\`: the origin of the accounts host; the token endpoint is \`accounts_url\` followed by \`/oauth/v2/token\`.
- \`console_url\`: the web console, for a browser.
- A node without the API (\`--role\`) gives its own address as \`base_url\`, for its probes, and null for the others.
- \`admin_token\`: the bearer token of the admin API. \`serve\` prints null for one that you gave; \`dev\` always prints it.

To write the variables into a file, with a new admin token: \`watchpost init\`.

## What \`dev --exec\` puts into the environment

\`WATCHPOST_URL\` and \`WATCHPOST_BASE_URL\` (the same), \`WATCHPOST_ACCOUNTS_URL\`, \`WATCHPOST_ADMIN_TOKEN\`, and of the first client of the seed
\`WATCHPOST_CLIENT_ID\`, \`WATCHPOST_CLIENT_SECRET\` and \`WATCHPOST_REFRESH_TOKEN\` (the last is left out when the client has none).
The server ends when the command does, with the command's exit code; a command ended by a signal gives 128 and the signal's number.

## Signals

SIGTERM and SIGINT stop a server in order: it takes no new requests, lets running deliveries end, and exits with 0. What is still owed
is in the store and goes on at the next start. A second signal ends the process at once.
`;

/** The whole page. */
export function renderConfigurationPage(): string {
  const purposes = commandNames.map((command) => `- \`${command}\`: ${commandPurposes[command]}\n`).join("");
  const sections = optionRows().map(({ option }) => renderOption(option));
  return `${opening}## Commands\n\nFrom a checkout: \`npm run -s watchpost -- <command>\`.\n\n${purposes}\n## Options\n\n${sections.join("\n")}\n${asking}${connectionRows.map(renderConnectionOption).join("\n")}\n${readyLine}`;
}

function renderConnectionOption(option: ConnectionOption<unknown>): string {
  const usage = option.placeholder === null ? option.flag : `${option.flag} ${option.placeholder}`;
  const secret = option.isSecret ? "- A secret: never printed.\n" : "";
  return `### \`${usage}\` (to ask)\n\n${option.help}\n\n- Variable: \`${option.environment}\`\n- Default: ${option.defaultText}\n${secret}`;
}

function renderOption(option: Option<unknown>): string {
  const usage = option.placeholder === null ? option.flag : `${option.flag} ${option.placeholder}`;
  const variable = option.arity === "repeated" ? `\`${option.environment}\`, split at commas` : `\`${option.environment}\``;
  const secret = option.isSecret ? "- A secret: never logged.\n" : "";
  return `### \`${usage}\`\n\n${option.help}\n\n- Variable: ${variable}\n- Commands: ${codeList(option.commands)}\n- Default: ${defaultOf(option)}\n${secret}`;
}

function defaultOf(option: Option<unknown>): string {
  if (option.defaultText !== null) return option.defaultText;
  const byCommand = option.commands.map((command) => ({ command, text: String(option.defaultFor(command)) }));
  const texts = new Set(byCommand.map(({ text }) => text));
  if (texts.size === 1) return `\`${byCommand[0]?.text ?? ""}\``;
  return byCommand.map(({ command, text }) => `\`${text}\` for \`${command}\``).join(", ");
}

function codeList(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}
