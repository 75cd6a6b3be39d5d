/** `watchpost init`: the two files by which a server of one's own begins. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Complaint } from "../complaint.ts";
import { exitCodes } from "../command.ts";
import { answer } from "../print/output.ts";
import type { CommandSpec } from "../tree/command-spec.ts";
import { flagText, isGiven } from "../tree/read-values.ts";

const envFile = "watchpost.env";
const seedFile = "seed.json";

export const init: CommandSpec = {
  name: "init",
  summary: "Write a commented file of variables with a new admin token, and the skeleton of a seed file.",
  details: [
    "`watchpost.env` has every option of `serve` with what it does; what is commented out has its default. A shell reads it with `set -a; . ./watchpost.env; set +a`, systemd with EnvironmentFile=. `seed.json` has one org, one user and one client with a new secret and a new refresh token. Both can be read by their owner alone.",
    "Files that are there are left alone, both of them, unless --force is given.",
  ],
  arguments: [],
  options: [
    {
      flag: "--dir",
      placeholder: "<folder>",
      help: "Where to write them; this folder unless said. Made when it is not there.",
      isPath: true,
    },
    { flag: "--force", placeholder: null, help: "Write over files that are there." },
  ],
  connects: false,
  examples: [{ line: "watchpost init --dir mine", says: "Begin in a new folder." }],
  async run(call) {
    const { envFileText, seedFileText } = await import("../init/files.ts");
    const folder = path.resolve(flagText(call, "--dir") ?? ".");
    const files = [path.join(folder, envFile), path.join(folder, seedFile)] as const;
    const there = files.find((file) => existsSync(file));
    if (there !== undefined && !isGiven(call, "--force")) {
      throw new Complaint(
        exitCodes.conflict,
        `${there} is there already. Name another folder with --dir, or add --force to write over it.`,
      );
    }
    const [env, seed] = files;
    try {
      mkdirSync(folder, { recursive: true });
      writeFileSync(env, envFileText({ adminToken: randomBytes(24).toString("base64url"), seedFile: seed }), { mode: 0o600 });
      writeFileSync(
        seed,
        seedFileText((bytes) => randomBytes(bytes).toString("hex")),
        { mode: 0o600 },
      );
    } catch (error) {
      throw new Complaint(exitCodes.failed, `cannot write into ${folder}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
    answer(call, { env_file: env, seed_file: seed }, () => [
      `Wrote ${env}, which holds a new admin token, and ${seed}.`,
      "Name your org, its users and clients in the seed file. Then start the server with",
      `  set -a; . ${path.relative(process.cwd(), env).startsWith("..") ? env : `./${path.relative(process.cwd(), env)}`}; set +a; watchpost serve`,
    ]);
    return exitCodes.good;
  },
};
