/**
 * The load while faults fall: clients that go on whatever happens, each request to any of the nodes with the API. One that gets no answer, or 503
 * with `Retry-After`, may or may not have happened; any other answer than the right one is a finding.
 */
import assert from "node:assert/strict";
import http from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { Random } from "../fuzz/random.ts";
import type { AnsweredLedger } from "../load/answered-ledger.ts";
import { tendChannel } from "../load/channel-orders.ts";
import { type Asker, type LoadParts, Unanswered, Writer, asked } from "../load/load-writer.ts";
import { type Answer, accessTokenOf, send } from "../support/client.ts";
import { at, listAt } from "../support/json.ts";
import { credentialsOf } from "../support/seeds.ts";
import { type ChaosCluster, chaosAdminToken } from "./chaos-cluster.ts";
import type { LoadPlan } from "./load-plan.ts";

export type LoadCounts = {
  /** Requests that were answered as they should be, those that were answered with 503, and those whose connection broke or that took too long. */
  readonly answered: number;
  readonly refused: number;
  readonly broken: number;
};

export type ChaosLoadOptions = {
  readonly plan: LoadPlan;
  readonly cluster: ChaosCluster;
  readonly ledger: AnsweredLedger;
  readonly random: Random;
  readonly notifyUrl: string;
  readonly round: () => number;
  /** Whether so much is owed that writers wait. */
  readonly isFull: () => boolean;
  readonly onFault: (fault: string) => void;
};

const afterFailureMs = 100;
const fullMs = 100;
/** Every other client gives up soon, so that what it asked for may yet happen behind its back. */
const patienceMs = [4_000, 40_000] as const;

export class ChaosLoad {
  readonly #options: ChaosLoadOptions;
  readonly #agent = new http.Agent({ keepAlive: true });
  readonly #counts = { answered: 0, refused: 0, broken: 0 };
  #tokens: readonly string[] = [];
  #clients: readonly Promise<void>[] = [];
  #ending = new AbortController();
  #value = 0;
  #channels = 0;

  constructor(options: ChaosLoadOptions) {
    this.#options = options;
  }

  get counts(): LoadCounts {
    return this.#counts;
  }

  async signIn(): Promise<void> {
    const [node] = this.#options.cluster.apiNodes;
    this.#tokens = await Promise.all(this.#options.plan.orgs.map((name) => accessTokenOf(node?.baseUrl ?? "", credentialsOf(name))));
  }

  begin(): void {
    this.#ending = new AbortController();
    const { orgs, writersPerOrg, tendedPerOrg } = this.#options.plan;
    this.#clients = orgs.flatMap((_, org) => [
      ...Array.from({ length: writersPerOrg }, (_unused, index) => {
        const writer = new Writer(org);
        const parts = this.#partsOf(org, patienceMs[index % patienceMs.length]);
        return this.#goOn(() => (this.#options.isFull() ? wait(fullMs) : writer.step(parts)));
      }),
      ...Array.from({ length: tendedPerOrg }, () => this.#tendChannels(org)),
    ]);
  }

  /** Resolves when every request has had its end. */
  async end(): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#clients);
    this.#agent.destroy();
  }

  /** Lets go what an operator's client had paused when it was not answered. */
  async resumeAll(): Promise<void> {
    const held = await asked(this.#admin.request("GET", "/channels?state=paused&limit=200"), [200]);
    for (const channel of listAt(held.body, "channels")) {
      await asked(this.#admin.request("POST", `/channels/${String(at(channel, "key"))}/resume`), [200]);
    }
  }

  asker(org: number, patience: number = patienceMs[1]): Asker {
    const headers = { Authorization: `Zoho-oauthtoken ${this.#tokens[org] ?? ""}` };
    return { request: (method, path, body) => this.#send({ method, path: `/crm/v6${path}`, headers, body }, patience) };
  }

  get #admin(): Asker {
    const headers = { Authorization: `Bearer ${chaosAdminToken}` };
    return { request: (method, path, body) => this.#send({ method, path: `/api/v1${path}`, headers, body }, patienceMs[1]) };
  }

  #partsOf(org: number, patience: number = patienceMs[1]): LoadParts {
    const { ledger, random, round } = this.#options;
    return {
      ledger,
      random,
      nextValue: () => (this.#value += 1),
      onAnswered: () => undefined,
      get round() {
        return round();
      },
      asker: this.asker(org, patience),
    };
  }

  async #goOn(step: () => Promise<void>): Promise<void> {
    const { plan, random, onFault } = this.#options;
    const { signal } = this.#ending;
    while (!signal.aborted) {
      let pauseMs = random.below(plan.pauseMsMax);
      try {
        await step();
      } catch (error) {
        // Expected while faults fall. Anything else is a finding, and the client goes home.
        if (!(error instanceof Unanswered)) {
          onFault(error instanceof Error ? error.message : String(error));
          return;
        }
        pauseMs = afterFailureMs;
      }
      await wait(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /**
   * A channel that its client does not leave alone, and that an operator pauses, resumes and renews. An order without an answer may be
   * carried out late, behind one that comes after it; so the client begins with a new channel then.
   */
  async #tendChannels(org: number): Promise<void> {
    const { plan, ledger, random, notifyUrl } = this.#options;
    const parts = this.#partsOf(org);
    let channelId = this.#nextChannel(org);
    await this.#goOn(async () => {
      try {
        const isSteered = (ledger.watchOf(channelId) ?? null) !== null && random.hasChance(0.25);
        if (isSteered) await this.#steer(channelId, parts);
        else await tendChannel({ channelId, notifyUrl: `${notifyUrl}/good` }, parts);
      } catch (error) {
        if (ledger.watchOf(channelId) === undefined) channelId = this.#nextChannel(org);
        await wait(plan.retiredMs);
        throw error;
      }
    });
  }

  #nextChannel(org: number): string {
    this.#channels += 1;
    const channelId = `${String(org + 1)}09${String(this.#channels)}`;
    this.#options.ledger.addChannel(channelId, org);
    return channelId;
  }

  async #steer(channelId: string, { ledger, random }: LoadParts): Promise<void> {
    const found = await asked(this.#admin.request("GET", `/channels?channel=${channelId}&state=active`), [200]);
    // Those that it had before it was disabled stand before it.
    const key = String(at(listAt(found.body, "channels").at(-1), "key"));
    const steer = (act: string, body?: unknown): Promise<Answer> =>
      asked(this.#admin.request("POST", `/channels/${key}/${act}`, body), [200]);
    const watch = ledger.watchOf(channelId);
    assert.ok(watch !== null && watch !== undefined);
    if (random.hasChance(0.4)) {
      const expiresAt = watch.expiresAt + 60_000;
      ledger.beginOrder(channelId, false);
      await steer("renew", { until: new Date(expiresAt).toISOString() });
      ledger.endOrder(channelId, { ...watch, expiresAt });
      return;
    }
    ledger.beginOrder(channelId, false);
    await steer("pause");
    ledger.endOrder(channelId, watch, true);
    await wait(random.below(1_500));
    ledger.beginOrder(channelId, false);
    await steer("resume");
    ledger.endOrder(channelId, watch);
  }

  async #send(outgoing: Parameters<typeof send>[1], patience: number): Promise<Answer> {
    const node = this.#options.random.pick(this.#options.cluster.apiNodes);
    let answer: Answer;
    try {
      answer = await send(node?.baseUrl ?? "", { ...outgoing, agent: this.#agent, signal: AbortSignal.timeout(patience) });
    } catch (cause) {
      this.#counts.broken += 1;
      throw new Unanswered("the connection ended", { cause });
    }
    if (answer.status === 503) {
      assert.match(String(answer.headers["retry-after"]), /^[1-9]\d*$/, `503 without Retry-After: ${answer.text}`);
      this.#counts.refused += 1;
      throw new Unanswered("the node asked to come again");
    }
    this.#counts.answered += 1;
    return answer;
  }
}
