/** What `doctor` does: every check in its order, then the sum of them. */
import { existsSync } from "node:fs";
import { createTargetGuard, readCidr } from "../../app/target-guard.ts";
import { options } from "../../config/options.ts";
import { dataFolderGiven, dataFolderOf } from "../areas/data-folder.ts";
import { stateStyle } from "../areas/row-styles.ts";
import { usageFault } from "../complaint.ts";
import { exitCodes } from "../command.ts";
import { answer } from "../print/output.ts";
import { plainText } from "../print/plain-text.ts";
import type { Frame } from "../print/table.ts";
import type { Call } from "../tree/command-spec.ts";
import { flagList, isGiven } from "../tree/read-values.ts";
import type { Check } from "./check.ts";
import { configCheck, folderChecks, runtimeCheck } from "./local-checks.ts";
import { serverChecks } from "./server-checks.ts";
import { sharedChecks } from "./shared-checks.ts";
import { type SharedParts, sharedFlags, sharedParts } from "./shared-options.ts";
import { targetChecks } from "./target-checks.ts";

const loopbackCidrs = ["127.0.0.0/8", "::1/128"];

export async function runDoctor(call: Call): Promise<number> {
  const allowed = allowedCidrs(call);
  const shared = sharedParts(call);
  const local = [runtimeCheck(), configCheck(call.environment, sharedFlags(call)), ...dataChecks(call, shared)];
  const beneath = shared === null ? [] : await sharedChecks(shared, call.clock);
  const remote = isGiven(call, "--skip-server") ? [] : await remoteChecks(call, allowed);
  const checks = [...local, ...beneath, ...remote];
  const count = (verdict: Check["verdict"]): number => checks.filter((check) => check.verdict === verdict).length;
  const sums = { ok: count("ok"), warn: count("warn"), fail: count("fail") };
  const closing = `${String(sums.ok)} ok, ${String(sums.warn)} warnings, ${String(sums.fail)} failures`;
  answer(call, { checks, ...sums }, (frame) => [...checks.flatMap((check) => checkLines(check, frame)), "", closing]);
  return sums.fail === 0 ? exitCodes.good : exitCodes.failed;
}

/** Of a folder that happens to be there servers that share something know nothing. */
function dataChecks(call: Call, shared: SharedParts | null): readonly Check[] {
  const folder = dataFolderOf(call);
  const isNamed = dataFolderGiven(call) !== null;
  return isNamed || (shared === null && existsSync(folder)) ? folderChecks(folder, { isNamed, clock: call.clock }) : [];
}

async function remoteChecks(call: Call, allowed: readonly string[]): Promise<readonly Check[]> {
  const { checks, targets, isDev } = await serverChecks(call.connection, call.clock);
  if (isGiven(call, "--skip-targets")) return checks;
  const guard = createTargetGuard({ allowedCidrs: [...allowed, ...(isDev ? loopbackCidrs : [])] });
  return [...checks, ...(await targetChecks(targets, guard))];
}

function allowedCidrs(call: Call): readonly string[] {
  const given = flagList(call, "--allow-target");
  const variable = (call.environment[options.allowTarget.environment] ?? "").split(",").map((part) => part.trim());
  const cidrs = given.length > 0 ? given : variable.filter((part) => readCidr(part) !== null);
  const wrong = cidrs.find((cidr) => readCidr(cidr) === null);
  if (wrong !== undefined) throw usageFault(`--allow-target expects a network such as 10.0.0.0/8, not ${JSON.stringify(wrong)}`);
  return cidrs;
}

const verdictColumns = 4;
const nameColumns = 16;

function checkLines({ name, verdict, detail, advice }: Check, { style }: Frame): readonly string[] {
  const mark = verdict.padEnd(verdictColumns);
  const colour = stateStyle(verdict);
  const line = `${colour === null ? mark : style(colour, mark)}  ${name.padEnd(nameColumns)}  ${plainText(detail)}`;
  return advice === null ? [line] : [line, `${" ".repeat(verdictColumns + nameColumns + 4)}${style("dim", plainText(advice))}`];
}
