/** What was found of the servers of NATS, in lines. */
import { type BrokerExam, type BrokerServer, brokerNeeds } from "../../queue/nats-examine.ts";
import { type Check, failure, good, warning } from "./check.ts";

/** `replicas`: copies of the stream that servers would ask for. */
export function brokerChecks({ servers, account }: BrokerExam, replicas: number): readonly Check[] {
  const reached = servers.flatMap(({ server }) => (server.ok ? [server.value] : []));
  const each = servers.map(({ place, server }) => {
    if (server.ok) return serverCheck(place, server.value);
    const advice = "See to its host and port, to the user and the password or credentials, and to TLS.";
    const isOneOfSome = reached.length > 0;
    return isOneOfSome ? warning("NATS", `${place}: ${server.error}`, advice) : failure("NATS", `${place}: ${server.error}`, advice);
  });
  if (account === null) return each;
  return [...each, jetStreamCheck(account, replicas), copiesCheck(reached, replicas), payloadCheck(reached)];
}

function serverCheck(place: string, { version, isTooOld, cluster }: BrokerServer): Check {
  const detail = `${place} reached and logged in, NATS ${version}${cluster === null ? "" : `, cluster ${cluster}`}`;
  return isTooOld ? failure("NATS", detail, "Use NATS 2.9 or newer.") : good("NATS", detail);
}

function jetStreamCheck(account: NonNullable<BrokerExam["account"]>, replicas: number): Check {
  if (!account.ok) {
    const advice =
      "Enable it on every server and for the account, let the servers of a cluster find each other, and give the user the rights that docs/production.md names.";
    return failure("JetStream", account.error, advice);
  }
  const { storageBytesMax } = account.value;
  const needed = brokerNeeds.storageBytes * replicas;
  if (storageBytesMax === null || storageBytesMax >= needed) return good("JetStream", "enabled");
  const detail = `the account may keep ${sizeText(storageBytesMax)}, and the stream takes ${sizeText(needed)}`;
  return failure("JetStream", detail, "Raise the storage that the account may use.");
}

function copiesCheck(reached: readonly BrokerServer[], replicas: number): Check {
  const name = "copies";
  if (replicas === 1) return good(name, "one, as asked for");
  const wanted = String(replicas);
  const alone = reached.find(({ cluster }) => cluster === null);
  if (alone !== undefined) {
    return failure(name, `${wanted} asked for of a server without a cluster`, "Make a cluster of them, or ask for one copy.");
  }
  const clusters = new Set(reached.map(({ cluster }) => cluster));
  if (clusters.size > 1) {
    return failure(name, `the URL names servers of ${String(clusters.size)} clusters`, "Name the servers of one cluster.");
  }
  const found = new Set(reached.map(({ id }) => id)).size;
  const told = Math.max(...reached.map((server) => server.told));
  const known = Math.max(found, told);
  if (known >= replicas) return good(name, `${wanted} asked for of ${String(known)} servers`);
  const detail = `${wanted} asked for, and ${String(known)} ${known === 1 ? "server is" : "servers are"} known`;
  const advice = `Start ${wanted} servers of the cluster, name each in the URL, and look again.`;
  // Told to advertise none, a server may have others that the URL does not name.
  return told === 0 ? warning(name, detail, advice) : failure(name, detail, advice);
}

function payloadCheck(reached: readonly BrokerServer[]): Check {
  const bytesMax = Math.min(...reached.map(({ payloadBytesMax }) => payloadBytesMax));
  const detail = `max_payload ${sizeText(bytesMax)}`;
  if (bytesMax >= brokerNeeds.payloadBytes) return good("payload", detail);
  return warning(
    "payload",
    detail,
    `Raise it to 1 MB, as it comes: a message may take ${sizeText(brokerNeeds.payloadBytes)}, and what is larger costs more.`,
  );
}

function sizeText(bytes: number): string {
  const [mebibytes, kibibytes] = [bytes / 1024 / 1024, bytes / 1024];
  return mebibytes >= 1 ? `${String(Math.round(mebibytes))} MiB` : `${String(Math.round(kibibytes))} KiB`;
}
