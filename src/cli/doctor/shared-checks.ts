/** What `doctor` looks at where servers share a database, and hand out through a broker: both at once, for each may have to be waited for. */
import { readNatsFiles } from "../../config/nats-files.ts";
import type { Clock } from "../../core/clock.ts";
import { databasePlace } from "../../core/database-url.ts";
import { examineBroker } from "../../queue/nats-examine.ts";
import { examineDatabase } from "../../store/postgres/examine.ts";
import { brokerChecks } from "./broker-checks.ts";
import { type Check, failure } from "./check.ts";
import { databaseChecks, unreachableCheck } from "./database-checks.ts";
import type { SharedParts } from "./shared-options.ts";

export async function sharedChecks({ databaseUrl, broker, nodes }: SharedParts, clock: Clock): Promise<readonly Check[]> {
  return (await Promise.all([databasePart(databaseUrl, { nodes, clock }), brokerPart(broker)])).flat();
}

async function databasePart(url: string, { nodes, clock }: { readonly nodes: number; readonly clock: Clock }): Promise<readonly Check[]> {
  const exam = await examineDatabase(url, () => clock.now());
  const place = databasePlace(url);
  return exam.ok ? databaseChecks(exam.value, { place, nodes }) : [unreachableCheck(place, exam.error)];
}

async function brokerPart(broker: SharedParts["broker"]): Promise<readonly Check[]> {
  if (broker === null) return [];
  const { url, nats } = broker;
  const files = await readNatsFiles(nats);
  if (!files.ok) {
    return [failure("NATS files", files.error, "Name a file that this user may read; docs/configuration.md says what is in each.")];
  }
  const { replicas } = nats;
  return brokerChecks(await examineBroker({ url, replicas, ...files.value }), replicas);
}
