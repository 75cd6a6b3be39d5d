/** An operator, an account with JetStream and a user of it, as NATS knows them: signed by keys of the test's own. */
import { nkeys } from "@nats-io/transport-node";

type KeyPair = ReturnType<typeof nkeys.createUser>;

export type NatsCredentials = {
  /** As `nsc` writes them into a file. */
  readonly creds: string;
  /** For a server that trusts the operator. */
  readonly configuration: string;
};

export function makeNatsCredentials(): NatsCredentials {
  const [operator, account, system, user] = [nkeys.createOperator(), nkeys.createAccount(), nkeys.createAccount(), nkeys.createUser()];
  const open = { subs: -1, data: -1, payload: -1 };
  const limits = { ...open, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 };
  const storage = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 };
  const accountToken = signed(operator, {
    sub: account.getPublicKey(),
    nats: { type: "account", version: 2, limits: { ...limits, ...storage } },
  });
  const systemToken = signed(operator, { sub: system.getPublicKey(), nats: { type: "account", version: 2, limits } });
  const userToken = signed(account, { sub: user.getPublicKey(), nats: { type: "user", version: 2, ...open } });
  const operatorToken = signed(operator, { sub: operator.getPublicKey(), nats: { type: "operator", version: 2 } });
  const preloaded = [account, system].map((key, place) => `${key.getPublicKey()}: ${place === 0 ? accountToken : systemToken}`);
  return {
    creds: [...framed("NATS USER JWT", userToken), ...framed("USER NKEY SEED", new TextDecoder().decode(user.getSeed()))].join("\n"),
    configuration: [
      `operator: ${operatorToken}`,
      `system_account: ${system.getPublicKey()}`,
      "resolver: MEMORY",
      `resolver_preload: {\n${preloaded.join("\n")}\n}`,
    ].join("\n"),
  };
}

function framed(what: string, text: string): readonly string[] {
  return [`-----BEGIN ${what}-----`, text, `------END ${what}------`, ""];
}

function signed(by: KeyPair, claims: { readonly sub: string; readonly nats: object }): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const head = part({ typ: "JWT", alg: "ed25519-nkey" });
  const body = part({ jti: claims.sub, iat: 1, iss: by.getPublicKey(), name: "test", ...claims });
  const signature = by.sign(new TextEncoder().encode(`${head}.${body}`));
  return `${head}.${body}.${Buffer.from(signature).toString("base64url")}`;
}
