/**
 * Breaks a cluster again and again under load, and compares what it answered with what it did. Rounds come in eras: each has a cluster of its own,
 * which comes to rest at the end, so that the comparison stays short. Faults and load are drawn from two generators, so that the same seed gives
 * the same faults however the machine's timing falls.
 */
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Random } from "../fuzz/random.ts";
import { AnsweredLedger } from "../load/answered-ledger.ts";
import { subscribe } from "../load/channel-orders.ts";
import { LoadReceiver } from "../load/load-receiver.ts";
import { compareNotices, orderFaults } from "../load/promises.ts";
import { BacklogWatch } from "./backlog-watch.ts";
import { ChaosCluster } from "./chaos-cluster.ts";
import { type Fault, type FaultKind, areaOf, drawFault, faultKinds } from "./chaos-faults.ts";
import { ChaosLoad } from "./chaos-load.ts";
import { ChaosReport, type ReportData, type RoundTimes } from "./chaos-report.ts";
import { type LoadName, type LoadPlan, loadPlans } from "./load-plan.ts";
import { RepeatAccount } from "./repeats.ts";
import { countOwed, diagnosis, deliveryFaults, storedChannels, storedDeliveries, storedRecords } from "./stored.ts";

export type ChaosOptions = {
  readonly rounds: number;
  /** No round begins after so long; null: all are made. */
  readonly minutes: number | null;
  readonly seed: number;
  readonly nats: 0 | 1 | 3;
  /** Whether another database server follows, to which the cluster fails over; absent: none. */
  readonly isFollowed?: boolean;
  /** Absent: light. */
  readonly load?: LoadName;
  /** Those that are drawn from; absent: all that there are servers for. */
  readonly kinds?: readonly FaultKind[];
  /** Whether each of them comes once, in that order, and alone; absent: they are drawn. */
  readonly isInTurn?: boolean;
  /** No fault takes longer of itself; absent: up to 20 s. */
  readonly longestMs?: number;
  /** Within how long the others have delivered what a node had that is gone; absent: 15 s. */
  readonly takeoverMsMax?: number;
  readonly folder: string;
  /** Where the logs of all nodes are left; absent: nowhere. */
  readonly logs?: string;
  readonly onRound: (line: string) => void;
};

const roundsPerEra = 15;
/** From the end of a fault until all that was owed then is delivered. */
const recoveryLimitMs = 60_000;
const takeoverMsMax = 15_000;
const drainLimitMs = 120_000;
/** In a storm, of each area, and between two of them. */
const faultsPerAreaMax = 3;
const pauseInStormMsMax = 2_000;
/** How long one may take. */
const stormMsMax = 180_000;

export async function chaosRounds(options: ChaosOptions): Promise<ReportData> {
  const report = new ChaosReport(options.seed, options.nats);
  const random = new Random(options.seed);
  const untilMs = options.minutes === null ? Infinity : performance.now() + options.minutes * 60_000;
  while (report.rounds < options.rounds && report.isSound && performance.now() < untilMs) {
    await new Era(options, { report, random, untilMs }).run();
  }
  return report.data;
}

type EraParts = { readonly report: ChaosReport; readonly random: Random; readonly untilMs: number };

class Era {
  readonly #options: ChaosOptions;
  readonly #parts: EraParts;
  readonly #plan: LoadPlan;
  readonly #ledger = new AnsweredLedger();
  readonly #account = new RepeatAccount();

  constructor(options: ChaosOptions, parts: EraParts) {
    this.#options = options;
    this.#parts = parts;
    this.#plan = loadPlans[options.load ?? "light"];
  }

  async run(): Promise<void> {
    const { report, untilMs } = this.#parts;
    const onFault = (fault: string): void => report.breach(`round ${String(report.rounds)}: ${fault}`);
    await using receiver = await LoadReceiver.start(this.#plan.origins);
    receiver.onRepeat = (repeat) => this.#account.note(repeat);
    receiver.onArrival = () => report.noteArrival();
    const { nats, isFollowed = false, folder } = this.#options;
    await using cluster = await ChaosCluster.start({ nats, isFollowed, orgs: this.#plan.orgs, folder, onFault });
    const owed = { count: () => 0 };
    const load = new ChaosLoad({
      plan: this.#plan,
      cluster,
      ledger: this.#ledger,
      random: new Random(this.#options.seed + report.rounds),
      notifyUrl: receiver.url(""),
      round: () => report.rounds,
      isFull: () => owed.count() > this.#plan.owedMax,
      onFault,
    });
    await load.signIn();
    await using watch = new BacklogWatch(cluster.databaseUrl, await this.#subscribeAll(load, receiver));
    owed.count = () => watch.owed;
    load.begin();
    for (let count = 0; count < roundsPerEra && this.#isToGoOn && performance.now() < untilMs; count += 1) {
      await this.#round(cluster, watch);
    }
    await load.end();
    report.count(load.counts);
    await this.#comeToRest(cluster, load);
    await this.#compare(cluster, receiver);
    this.#keepLogs(cluster);
    if (!report.isSound) for (const node of cluster.nodes) report.keepLog(node.host, await node.lastWords());
  }

  #keepLogs({ nodes }: ChaosCluster): void {
    const { logs } = this.#options;
    if (logs === undefined) return;
    mkdirSync(logs, { recursive: true });
    for (const { index, log } of nodes) appendFileSync(join(logs, `node-${String(index)}.log`), log);
  }

  get #isToGoOn(): boolean {
    return this.#parts.report.isSound && this.#parts.report.rounds < this.#options.rounds;
  }

  /** Gives the channels whose receivers answer well. */
  async #subscribeAll(load: ChaosLoad, receiver: LoadReceiver): Promise<readonly string[]> {
    const well: string[] = [];
    for (const [org] of this.#plan.orgs.entries()) {
      for (const [index, [{ path, origin }, watch]] of this.#plan.steady().entries()) {
        const channelId = `${String(org + 1)}${String(10 + index)}`;
        this.#ledger.addChannel(channelId, org);
        await subscribe(
          { channelId, notifyUrl: receiver.url(`/${path}`, origin) },
          { ledger: this.#ledger, asker: load.asker(org) },
          watch,
        );
        if (path === "good" || path === "slow") well.push(channelId);
      }
    }
    return well;
  }

  async #round(cluster: ChaosCluster, watch: BacklogWatch): Promise<void> {
    const { report, random } = this.#parts;
    const number = report.beginRound();
    await wait(500 + random.below(1_500));
    const tracks = this.#draw(cluster);
    const faults = tracks.flat();
    const isStorm = tracks.some((track) => track.length > 1);
    const starts = cluster.nodes.map((node) => node.starts);
    const hosts = new Set(faults.flatMap(({ hit }) => hit.map(({ host }) => host)));
    const from = Date.now();
    report.silence.begin(from);
    const takenOver = watch.nothingOlderThan(from, recoveryLimitMs + (isStorm ? stormMsMax : 0));
    await Promise.all(tracks.map((track) => actInTurn(track, random)));
    const until = Date.now();
    const wellAt = await watch.nothingOlderThan(until, recoveryLimitMs);
    const takenOverAt = await takenOver;
    const recoveredAt = wellAt ?? Date.now();
    const window = { from, until: recoveredAt };
    const [only] = faults;
    if (faults.length === 1 && only !== undefined) this.#account.addFault({ ...window, kind: only.kind, hosts });
    else {
      // A node may be hit again as soon as it is started, and what was in flight at one of them may come twice for another.
      const again = faults.flatMap(({ hit }) => hit).flatMap((node) => node.hostsSince(starts[node.index] ?? 1));
      this.#account.addFault({ ...window, kind: isStorm ? "storm" : "two at once", hosts: new Set(again) });
    }
    const times: RoundTimes = {
      outageMs: until - from,
      recoveryMs: Math.max(0, recoveredAt - until),
      takeoverMs: (takenOverAt ?? Date.now()) - from,
      silenceMs: report.silence.end(Date.now()),
    };
    const kinds = faults.map(({ kind }) => kind);
    report.addTimes(isStorm ? "storm" : kinds.length === 1 ? String(kinds[0]) : "two at once", times);
    this.#options.onRound(lineOf(number, tracks, times));
    if (wellAt === null) {
      report.keepLog("the database", await diagnosis(cluster.databaseUrl));
      report.breach(`round ${String(number)}: not recovered ${String(recoveryLimitMs / 1_000)} s after ${kinds.join(" and ")}`);
    }
    const [kind] = kinds;
    const isLate = times.takeoverMs > (this.#options.takeoverMsMax ?? takeoverMsMax);
    if (kinds.length === 1 && (kind === "node-kill" || kind === "node-stop") && isLate) {
      report.breach(`round ${String(number)}: what a node had was taken over after ${String(times.takeoverMs)} ms only`);
    }
  }

  /** One fault, two of different areas at once, or a storm: a track for each area, whose faults come one after another. */
  #draw(cluster: ChaosCluster): readonly (readonly Fault[])[] {
    const { report, random } = this.#parts;
    const { nats, kinds = faultKinds, isFollowed = false, isInTurn = false, longestMs = Infinity } = this.#options;
    const there = kinds.filter((kind) => (kind === "database-failover" ? isFollowed : nats > 0 || areaOf(kind) !== "broker"));
    const draw = (kind: FaultKind): Fault => drawFault(kind, { cluster, random, longestMs });
    if (!isInTurn && this.#plan.stormShare > 0 && random.hasChance(this.#plan.stormShare)) {
      return [...Map.groupBy(there, areaOf).values()].map((ofArea) =>
        Array.from({ length: 1 + random.below(faultsPerAreaMax) }, () => random.pick(ofArea)).flatMap((kind) =>
          kind === undefined ? [] : [draw(kind)],
        ),
      );
    }
    const first = isInTurn ? there[(report.rounds - 1) % there.length] : random.pick(there);
    const others = there.filter((kind) => first !== undefined && areaOf(kind) !== areaOf(first));
    const second = !isInTurn && random.hasChance(0.25) ? random.pick(others) : undefined;
    return [first, second].flatMap((kind) => (kind === undefined ? [] : [[draw(kind)]]));
  }

  /** Lets everything that is owed be delivered, then ends the nodes in order. */
  async #comeToRest(cluster: ChaosCluster, load: ChaosLoad): Promise<void> {
    const { report } = this.#parts;
    await load.resumeAll();
    const untilMs = performance.now() + drainLimitMs;
    // A delivery that goes from one state to the next while they are counted is counted all the same.
    for (;;) {
      const owed = await countOwed(cluster.databaseUrl);
      if (owed === 0) break;
      if (performance.now() > untilMs) {
        report.breach(`after ${String(drainLimitMs / 1_000)} s ${String(owed)} deliveries are still owed`);
        report.keepLog("the database", await diagnosis(cluster.databaseUrl));
        break;
      }
      await wait(100);
    }
    await Promise.all(cluster.nodes.map((node) => node.end()));
  }

  async #compare({ databaseUrl }: ChaosCluster, receiver: LoadReceiver): Promise<void> {
    const { report } = this.#parts;
    const { lost, faults } = compareNotices(receiver, this.#ledger);
    const firsts = { notifications: receiver.notifications, arrived: receiver.arrived.filter(({ isFirst }) => isFirst) };
    const isCertain = (channelId: string, key: string): boolean => !channelId.slice(1).startsWith("09") || this.#ledger.owed.has(key);
    const disorder = orderFaults(firsts, ({ channelId, notice }) => isCertain(channelId, notice.key));
    const deliveries = await storedDeliveries(databaseUrl);
    // Ids grow in the order of the commits: so what nobody answered for has its place too. A channel that ended and began again is two.
    const byCommit = firsts.arrived.map((arrival) => {
      const channelId = `${arrival.channelId}/${String(deliveries.get(arrival.id)?.channelKey)}`;
      return { ...arrival, channelId, notice: { ...arrival.notice, rank: Number(arrival.id.slice(4)) } };
    });
    const disorderOfIds = orderFaults({ ...firsts, arrived: byCommit }, () => true);
    const repeats = this.#account.close(receiver.notifications);
    report.addComparison({
      lost,
      disorder: disorder.length + disorderOfIds.length,
      changes: this.#ledger.changes,
      receiver,
      counted: repeats.counted,
    });
    const stored = [
      ...this.#ledger.recordFaults(await storedRecords(databaseUrl)),
      ...this.#ledger.channelFaults(await storedChannels(databaseUrl)),
      ...deliveryFaults(deliveries, receiver.notifications),
    ];
    for (const fault of [...faults, ...disorder, ...disorderOfIds, ...repeats.faults, ...stored, ...receiver.faults]) report.breach(fault);
  }
}

async function actInTurn(faults: readonly Fault[], random: Random): Promise<void> {
  for (const [index, fault] of faults.entries()) {
    if (index > 0) await wait(random.below(pauseInStormMsMax));
    await fault.act();
  }
}

function lineOf(round: number, tracks: readonly (readonly Fault[])[], { outageMs, recoveryMs, takeoverMs, silenceMs }: RoundTimes): string {
  const what = tracks.map((track) => track.map((fault) => `${fault.kind} (${fault.what})`).join(", then ")).join(" and ");
  return `${String(round)}: ${what}: over after ${String(outageMs)} ms, recovered ${String(recoveryMs)} ms later; what was owed before came within ${String(takeoverMs)} ms; longest silence ${String(silenceMs)} ms`;
}
