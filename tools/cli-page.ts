/**
 * docs/cli.md, made from the tables of commands and options that the program itself reads, and the tables of configuration.
 * Run as a program it writes the page, and docs/configuration.md with it; `test/tidy.test.ts` holds the files to it.
 */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { format, resolveConfig } from "prettier";
import { exitCodeMeanings } from "../src/cli/command.ts";
import { programChapters } from "../src/cli/program.ts";
import type { CommandPage, CommandSpec, GroupSpec, OptionSpec } from "../src/cli/tree/command-spec.ts";
import type { Entry } from "../src/cli/tree/commands.ts";
import { serverPages } from "../src/cli/tree/server-pages.ts";
import { renderConfigurationPage } from "../src/config/options-markdown.ts";
import { repositoryRoot } from "./repository.ts";

const page = "docs/cli.md";

const opening = `# The command line

\`watchpost COMMAND\` runs servers and asks running ones. From a checkout it is \`npm run -s watchpost -- COMMAND\`, or \`bin/watchpost\`, to which a link may stand in any folder of \`PATH\`:

\`\`\`text
ln -s "$PWD/bin/watchpost" ~/.local/bin/watchpost
\`\`\`

\`bin/watchpost\` takes the Node that \`npm ci\` brought, whatever Node the system has, and leaves the working folder and the signals alone; \`npm run\` does all its work from the checkout's own folder,
so give it files by their full names.

This page is made from the program's own tables (\`npm run docs\`), and each command on it is run by a test. \`watchpost COMMAND --help\` says the same.

## Asking a server

A command finds the server by \`--url\` or \`WATCHPOST_URL\` (http://127.0.0.1:8585 unless said), and shows it the admin token of \`--token\` or \`WATCHPOST_ADMIN_TOKEN\`. \`dev\` prints the token when it is
ready; a command under \`dev --exec\` has both in its environment. For a server whose certificate is from an authority of your own, \`NODE_EXTRA_CA_CERTS=ca.pem\`.

On a terminal there are colours (not with \`NO_COLOR\`), bars for long work, and tables cut to its width: addresses and texts are cut with \`…\`, ids never. In a pipe everything is there, plain. What strangers wrote into
records and answers is shown with its control characters made visible. Results are on stdout, everything else on stderr.

\`--json\`, which every command has, prints the document of the admin API as it came, or one line an item for \`listen\` and \`deliveries tail\`.

Ids of deliveries, changes and replays may be given as \`latest\`. \`--from\` and \`--until\` take an instant, or a length of time for that long ago by the server's clock.

`;

/** The whole page. */
export async function renderCliPage(): Promise<string> {
  const codes = exitCodeMeanings.map(([code, meaning]) => `| \`${String(code)}\` | ${meaning} |`).join("\n");
  const exits = `## Exit codes\n\n| code | meaning |\n| --- | --- |\n${codes}\n\nA command that a signal broke off gives 128 and the signal's number. What goes wrong is one line on stderr: what it was, what was expected, what to do.\n\n`;
  const chapters = programChapters.map(({ title, entries }) => `## ${title}\n\n${entries.map(renderEntry).join("\n")}`);
  return format(`${opening}${exits}${chapters.join("\n")}`, {
    ...(await resolveConfig(path.join(repositoryRoot, page))),
    parser: "markdown",
  });
}

function renderEntry(entry: Entry): string {
  if (entry.kind === "single") return renderCommand("###", `watchpost ${entry.command.name}`, entry.command);
  if (entry.kind === "group") return renderGroup(entry.group);
  return `### \`watchpost ${entry.name}\`\n\n${prose(serverPages[entry.name])}Its options are in [configuration.md](configuration.md).\n\n${examples(serverPages[entry.name])}`;
}

function renderGroup({ name, aliases, summary, commands }: GroupSpec): string {
  const other = aliases.length === 0 ? "" : ` Also called ${aliases.map((alias) => `\`${alias}\``).join(", ")}.`;
  return `### \`watchpost ${name}\`\n\n${summary}${other}\n\n${commands.map((command) => renderCommand("####", `watchpost ${name} ${command.name}`, command)).join("\n")}`;
}

function renderCommand(level: string, title: string, spec: CommandSpec): string {
  const args = spec.arguments.map(({ name, isOptional }) => (isOptional === true ? ` [${name}]` : ` <${name}>`)).join("");
  const given = [...spec.arguments.map(({ name, help }) => `- \`<${name}>\`: ${help}`), ...spec.options.map(renderOption)];
  return `${level} \`${title}${args}\`\n\n${prose(spec)}${given.length === 0 ? "" : `${given.join("\n")}\n\n`}${examples(spec)}`;
}

function renderOption({ flag, placeholder, help, choices }: OptionSpec): string {
  const words = choices === undefined ? "" : ` One of ${choices.map((choice) => `\`${choice}\``).join(", ")}.`;
  return `- \`${placeholder === null ? flag : `${flag} ${placeholder}`}\`: ${help}${words}`;
}

function prose({ summary, details }: CommandPage): string {
  return [summary, ...details].map((paragraph) => `${paragraph}\n\n`).join("");
}

function examples({ examples: shown }: CommandPage): string {
  return shown.length === 0 ? "" : `\`\`\`sh\n${shown.map(({ line, says }) => `# ${says}\n${line}`).join("\n")}\n\`\`\`\n`;
}

if (import.meta.main) {
  writeFileSync(path.join(repositoryRoot, page), await renderCliPage());
  writeFileSync(path.join(repositoryRoot, "docs/configuration.md"), renderConfigurationPage());
}
