/** The URL of a NATS server or of several: what may be one, and what of it people are shown. */
import { type Result, ok, refuse } from "./result.ts";

const schemes = ["nats:", "tls:"];
const standardPort = "4222";

/** Where the servers are, and who asks. `password` null: `user` is a token. */
export type NatsServers = {
  /** Each as host and port. */
  readonly places: readonly string[];
  readonly isTls: boolean;
  /** null: nobody is named. */
  readonly login: { readonly user: string; readonly password: string | null } | null;
};

/** One URL, or several of one cluster with commas between them. The text itself is never repeated in an error, for it may hold a password. */
export function readNatsUrl(text: string): Result<string, string> {
  const urls = text.split(",").map((part) => URL.parse(part.trim()));
  const isGood = (url: URL | null): boolean => url !== null && schemes.includes(url.protocol) && url.hostname !== "";
  if (!urls.every(isGood)) return refuse("expects a URL such as nats://user:password@host:4222, or several with commas between them");
  for (const url of urls) {
    const fault = url === null ? null : faultOf(url);
    if (fault !== null) return refuse(fault);
  }
  return ok(text.trim());
}

function faultOf({ pathname, search, hash, username, password }: URL): string | null {
  // Of a password that holds it as it stands, a part would be read, and shown, as the host.
  if (hash !== "") return "expects %23 in place of a # in the user or the password";
  if (!["", "/"].includes(pathname) || search !== "") return "expects a URL without a path";
  if (username === "" && password !== "") return "expects a user before the password";
  try {
    decodeURIComponent(`${username}:${password}`);
    return null;
  } catch {
    // Expected: a person wrote a % that is meant as it stands.
    return "expects %25 in place of a % in the user or the password";
  }
}

/** What a URL that `readNatsUrl` let pass says. Where several name somebody, the first does. */
export function natsServers(text: string): NatsServers {
  const urls = text.split(",").flatMap((part) => URL.parse(part.trim()) ?? []);
  const named = urls.find((url) => url.username !== "");
  const isToken = named?.password === "";
  return {
    places: urls.map(({ hostname, port }) => `${hostname}:${port === "" ? standardPort : port}`),
    isTls: urls.some((url) => url.protocol === "tls:"),
    login:
      named === undefined
        ? null
        : { user: decodeURIComponent(named.username), password: isToken ? null : decodeURIComponent(named.password) },
  };
}
