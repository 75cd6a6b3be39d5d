/**
 * `watchpost demo`: the main job from end to end, as an outside client sees it. The server and the receiver are processes of their own;
 * what happens here goes over HTTP. Whatever happens, both are stopped and the data folder is removed.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { childEnvironment } from "./child-environment.ts";
import type { CommandRun } from "./command.ts";
import { exitCodes } from "./command.ts";
import type { Child } from "./demo/child.ts";
import * as connect from "./demo/connect-steps.ts";
import { exchange } from "./demo/exchange.ts";
import type { Narrator } from "./demo/narrator.ts";
import { createNarrator, StepFailed } from "./demo/narrator.ts";
import * as notify from "./demo/notify-steps.ts";
import { catchSignals, exitCodeOf } from "./signals.ts";

/** Gives 0 when every step did what it should, 1 when one did not, and 128 and the signal's number when it was broken off. */
export async function runDemo({ settings, environment, terminal }: CommandRun): Promise<number> {
  const narrator = createNarrator(terminal, settings.json ? "json" : "text");
  const children: Child[] = [];
  const signals = catchSignals();
  const dataFolder = await mkdtemp(path.join(tmpdir(), "watchpost-demo-"));
  const surroundings = { environment: childEnvironment(environment), keep: (child: Child) => void children.push(child) };
  const startedAt = performance.now();
  try {
    const steps = takeSteps(narrator, { ...surroundings, dataFolder });
    const brokenOff = await Promise.race([steps.then(() => null), signals.first]);
    if (brokenOff !== null) {
      // The steps end by themselves when the children do; how is of no interest any more.
      steps.catch(() => undefined);
      terminal.complain(`watchpost: the demo was broken off by ${brokenOff}`);
      return exitCodeOf(brokenOff);
    }
    const tookSeconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    if (!settings.json) terminal.print(`\n${terminal.style("green", `Every step did what it should, in ${tookSeconds} s.`)}`);
    return exitCodes.good;
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    terminal.complain(`watchpost: ${error.message}`);
    for (const child of children) if (child.complaints() !== "") terminal.complain(child.complaints().trimEnd());
    return exitCodes.failed;
  } finally {
    await Promise.all(children.map(async (child) => child.stop()));
    await rm(dataFolder, { recursive: true, force: true });
    signals.release();
  }
}

type Surroundings = {
  readonly environment: Readonly<Record<string, string>>;
  readonly keep: connect.Keep;
  readonly dataFolder: string;
};

async function takeSteps(narrator: Narrator, surroundings: Surroundings): Promise<void> {
  const server = await narrator.step(connect.startServerStep(surroundings));
  const receiver = await narrator.step(connect.startReceiverStep(surroundings));
  const crm = await narrator.step(connect.getTokenStep(server.baseUrl));
  const admin: connect.Api = async (request) => exchange(server.baseUrl, `Bearer ${server.adminToken}`, request);
  const ids = await narrator.step(connect.readMetadataStep(crm));
  const deal = await narrator.step(connect.pickDealStep(crm));
  await narrator.step(connect.subscribeStep(crm, { ids, port: receiver.port }));
  const secret = await narrator.step(connect.revealSecretStep(admin));
  const scene: notify.Scene = { crm, admin, deal, secret };
  await narrator.step(notify.notifyStep(scene, receiver.child));
  await narrator.step(notify.silentStep(scene));
  const restart = async (port: number) => connect.startReceiver(surroundings, port);
  const restarted = await narrator.step(notify.retryStep(scene, { receiver, restart, narrator }));
  await narrator.step(notify.disableStep(scene, restarted.child));
  await narrator.step(notify.stopServerStep(server.child));
}
