/** The load generator: PUTs of edits to a server, so many at a time (closed loop) or at set instants (open loop). */
import { Pool } from "undici";
import { type Exchange, exchange } from "../exchange.ts";
import { play } from "../part.ts";

export type Edits = {
  readonly baseUrl: string;
  readonly accessToken: string;
  /** The module's path behind the version. */
  readonly module: string;
  /** Edited in turn. */
  readonly recordIds: readonly string[];
  /** 1: a PUT of the record's own path. More: so many in one PUT of the module. */
  readonly recordsPerWrite: number;
};

export type OpenLoopDone = {
  readonly recordIds: readonly string[];
  /** When each request was due by the schedule, and when its answer was here. */
  readonly intendedAtMs: Float64Array;
  readonly answeredAtMs: Float64Array;
};

const connections = 64;
const pools = new Map<string, Pool>();
let edit = 0;

function poolOf(baseUrl: string): Pool {
  const pool = pools.get(baseUrl) ?? new Pool(baseUrl, { connections, pipelining: 1 });
  pools.set(baseUrl, pool);
  return pool;
}

/** The next edit: no two leave a record as it was. */
function nextEdit({ accessToken, module, recordIds, recordsPerWrite }: Edits): Exchange & { readonly recordId: string } {
  const headers = { Authorization: `Zoho-oauthtoken ${accessToken}`, "Content-Type": "application/json" };
  const first = edit;
  edit += recordsPerWrite;
  const idAt = (place: number): string => recordIds[place % recordIds.length] ?? "";
  const recordId = idAt(first);
  const data = Array.from({ length: recordsPerWrite }, (_, index) => ({
    ...(recordsPerWrite === 1 ? {} : { id: idAt(first + index) }),
    Description: `edit ${first + index}`,
  }));
  const path = `/crm/v6/${module}${recordsPerWrite === 1 ? `/${recordId}` : ""}`;
  return { method: "PUT", path, headers, body: JSON.stringify({ data }), recordId };
}

async function send(edits: Edits, request: Exchange): Promise<void> {
  const { method, path, headers, body } = request;
  const status = await exchange(poolOf(edits.baseUrl), { method, path, headers, body });
  if (status !== 200) throw new Error(`${method} ${path} was answered ${status}`);
}

function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

export type LoadActs = typeof acts;
const acts = play({
  /** Edits for so long, each connection the next one as soon as it has its answer. Gives how many requests were answered. */
  closed: async ({ edits, forMs }: { readonly edits: Edits; readonly forMs: number }): Promise<number> => {
    const startedMs = performance.now();
    let answered = 0;
    const one = async () => {
      while (performance.now() - startedMs < forMs) {
        await send(edits, nextEdit(edits));
        answered += 1;
      }
    };
    await Promise.all(Array.from({ length: connections }, one));
    return answered;
  },

  /** So many edits, each when the one before was answered. */
  oneByOne: async ({ edits, count }: { readonly edits: Edits; readonly count: number }): Promise<void> => {
    for (let sent = 0; sent < count; sent += 1) await send(edits, nextEdit(edits));
  },

  /**
   * Sends `count` edits at `perSecond`, each at its instant whether or not the ones before were answered: a server that stalls makes those
   * wait that come meanwhile, and they are counted from when they were due.
   */
  open: async (load: { readonly edits: Edits; readonly perSecond: number; readonly count: number }): Promise<OpenLoopDone> => {
    const { edits, perSecond, count } = load;
    const intendedAtMs = new Float64Array(count);
    const answeredAtMs = new Float64Array(count);
    const recordIds: string[] = [];
    const startAtMs = nowMs() + 20;
    const answers: Promise<void>[] = [];
    for (let index = 0; index < count; index += 1) {
      const dueAtMs = startAtMs + (index * 1_000) / perSecond;
      while (nowMs() < dueAtMs) await pause(dueAtMs - nowMs());
      intendedAtMs[index] = dueAtMs;
      const request = nextEdit(edits);
      recordIds.push(request.recordId);
      answers.push(
        send(edits, request).then(() => {
          answeredAtMs[index] = nowMs();
        }),
      );
    }
    await Promise.all(answers);
    return { recordIds, intendedAtMs, answeredAtMs };
  },
});

/** Timers are whole milliseconds; what is left of the last one is waited for turn by turn. */
function pause(leftMs: number): Promise<void> {
  return new Promise((resolve) => {
    if (leftMs > 2) setTimeout(resolve, Math.floor(leftMs) - 1);
    else setImmediate(resolve);
  });
}
