/** The texts of the files that `init` writes. The variables come from the table of options, so a new option is in the next file. */
import { connectionOptions } from "../../config/connection-options.ts";
import type { Option } from "../../config/options.ts";
import { optionRows, options } from "../../config/options.ts";
import { defaultScopes } from "../../config/seed-parser.ts";

const commentColumns = 100;

export function envFileText({ adminToken, seedFile }: { readonly adminToken: string; readonly seedFile: string }): string {
  const values: Readonly<Record<string, string>> = {
    [options.adminToken.environment]: adminToken,
    [options.seed.environment]: quoted(seedFile),
  };
  const rows = optionRows().filter(({ option }) => option.commands.includes("serve"));
  const entries = rows.map(({ option }) => entryOf(option, values[option.environment] ?? null));
  const head = [
    "# The variables of a Watchpost server. What is commented out has its default.",
    "# Read it in a shell with `set -a; . ./watchpost.env; set +a`, or name it as EnvironmentFile= of a systemd unit.",
    "# It holds the admin token: keep it from other users.",
  ].join("\n");
  const client = [
    ...commentLines(`For the commands that ask this server. ${connectionOptions.url.help}`),
    `#${connectionOptions.url.environment}=${connectionOptions.url.defaultText}`,
  ].join("\n");
  return `${[head, ...entries, client].join("\n\n")}\n`;
}

/** `value` null: the entry is commented out, and shows the default or what a value looks like. */
function entryOf(option: Option<unknown>, value: string | null): string {
  const shownDefault = option.defaultText ?? String(option.defaultFor("serve"));
  const comment = commentLines(`${option.help} Default: ${shownDefault}.`.replaceAll("`", ""));
  const sample = option.defaultText === null ? String(option.defaultFor("serve")) : "";
  return [...comment, value === null ? `#${option.environment}=${sample}` : `${option.environment}=${value}`].join("\n");
}

function commentLines(text: string): readonly string[] {
  const lines: string[] = [];
  let line = "#";
  for (const word of text.split(" ")) {
    if (line.length + word.length >= commentColumns) {
      lines.push(line);
      line = "#";
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}

/** In single quotes, as a shell and systemd both read it. */
function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** `random` gives so many bytes as hex. */
export function seedFileText(random: (bytes: number) => string): string {
  const ownerEmail = "owner@example.com";
  const seed = {
    org: { name: "My company", zgid: "100000001", time_zone: "UTC", currency: "USD" },
    users: [{ email: ownerEmail, first_name: "First", last_name: "Owner" }],
    clients: [
      {
        client_id: `1000.${random(15).toUpperCase()}`,
        client_secret: random(21),
        client_name: "My integration",
        user_email: ownerEmail,
        scope: defaultScopes.join(","),
        refresh_token: `1000.${random(16)}.${random(16)}`,
      },
    ],
    modules: [
      {
        api_name: "Inspections",
        singular_label: "Inspection",
        plural_label: "Inspections",
        fields: [{ api_name: "Score", data_type: "integer", length: 9 }],
      },
    ],
    records: { Accounts: [{ Account_Name: "First account" }] },
  };
  return `${JSON.stringify(seed, null, 2)}\n`;
}
