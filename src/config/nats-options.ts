/** The rows of the option table that are about NATS. */
import { readNatsUrl } from "../core/nats-url.ts";
import { type Result, ok, refuse } from "../core/result.ts";
import type { Option } from "./options.ts";

const single = { arity: "single", isSecret: false, defaultText: null } as const;

export const natsOptions = {
  natsUrl: {
    ...single,
    flag: "--nats-url",
    environment: "WATCHPOST_NATS_URL",
    placeholder: "<url>",
    commands: ["serve"],
    isSecret: true,
    help:
      "Hand deliveries out through NATS JetStream, 2.9 or newer: nats://host:4222, with user:password@ or token@ before the host where it asks for them, and " +
      "several servers of a cluster with commas between them. Needs `--database-url`. Prefer the variable: other users of the machine can read flags.",
    defaultFor: (): string | null => null,
    defaultText: "none: the database hands them out",
    read: ([text = ""]: readonly string[]) => readNatsUrl(text),
  },
  natsReplicas: {
    ...single,
    flag: "--nats-replicas",
    environment: "WATCHPOST_NATS_REPLICAS",
    placeholder: "<number>",
    commands: ["serve"],
    help: "On how many servers of the cluster NATS keeps its messages: 1 or 3.",
    defaultFor: (): number => 1,
    read: readReplicas,
  },
  natsCreds: {
    ...single,
    flag: "--nats-creds",
    environment: "WATCHPOST_NATS_CREDS",
    placeholder: "<file>",
    commands: ["serve"],
    help: "A file of credentials for NATS, as `nsc` writes it, which names the account and proves the user; or of the seed of an nkey.",
    defaultFor: (): string | null => null,
    defaultText: "none",
    read: readPath,
  },
  natsCa: {
    ...single,
    flag: "--nats-ca",
    environment: "WATCHPOST_NATS_CA",
    placeholder: "<file>",
    commands: ["serve"],
    help: "The authorities in PEM that a NATS server's certificate may come from, in place of those of the system. With it the connection is TLS.",
    defaultFor: (): string | null => null,
    defaultText: "those of the system",
    read: readPath,
  },
  natsCert: {
    ...single,
    flag: "--nats-cert",
    environment: "WATCHPOST_NATS_CERT",
    placeholder: "<file>",
    commands: ["serve"],
    help: "The certificate in PEM that this server shows to NATS.",
    defaultFor: (): string | null => null,
    defaultText: "none",
    read: readPath,
  },
  natsKey: {
    ...single,
    flag: "--nats-key",
    environment: "WATCHPOST_NATS_KEY",
    placeholder: "<file>",
    commands: ["serve"],
    help: "The private key of `--nats-cert`, in PEM and without a passphrase.",
    defaultFor: (): string | null => null,
    defaultText: "none",
    read: readPath,
  },
} satisfies Record<string, Option<unknown>>;

function readPath([text = ""]: readonly string[]): Result<string, string> {
  return text.trim() === "" ? refuse("expects a value") : ok(text);
}

function readReplicas([text = ""]: readonly string[]): Result<number, string> {
  return text === "1" || text === "3" ? ok(Number(text)) : refuse(`expects 1 or 3, not ${JSON.stringify(text)}`);
}
