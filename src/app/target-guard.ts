/**
 * Which addresses Watchpost may POST to (DESIGN §7). The rule is asked twice: about the URL when a channel is subscribed, and about
 * the address actually dialled when a delivery is attempted, because a name may point elsewhere by then.
 *
 * Allowed is what is globally routable unicast. Addresses that carry an IPv4 address inside an IPv6 one (mapped, compatible,
 * translated, NAT64, 6to4, Teredo, ISATAP) are refused as a class: the network they come out in is not the one they show.
 * `allowedCidrs` takes ranges out of the refusal, and for a carried address only if the address inside may be reached too.
 */
import ipaddr from "ipaddr.js";
import { assert } from "../core/assert.ts";

export type TargetPolicy = {
  /** Ranges that may be reached although they are not public, as `readCidr` gives them back. */
  readonly allowedCidrs: readonly string[];
};

export type TargetGuard = {
  /** Whether the address may be dialled. `address` is a literal IPv4 or IPv6 address; anything else is refused. */
  isAddressAllowed(address: string): boolean;
  /** Whether the URL may be subscribed: scheme, no user and password, and the host as far as it shows an address. Other names pass. */
  isUrlAllowed(url: URL): boolean;
};

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = readonly [Address, number];

/** Public by number, but answered by the host's own cloud (Azure's platform address); the others lie in ranges that are not public. */
const metadataAddresses: readonly string[] = ["168.63.129.16"];

/** The part of IPv6 from which global unicast addresses are given out; the rest is special or not given out. */
const globalUnicast = ipaddr.IPv6.parseCIDR("2000::/3");

/** The guard that `policy` describes. Its ranges must be readable (`readCidr`); anything else is a bug of the caller. */
export function createTargetGuard(policy: TargetPolicy): TargetGuard {
  const allowed = policy.allowedCidrs.map(rangeOf);

  function isAddressAllowed(address: string): boolean {
    const parsed = parseAddress(address);
    return parsed !== null && isAllowed(parsed);
  }

  function isAllowed(address: Address): boolean {
    const isNamed = allowed.some((range) => contains(range, address));
    if (isIpv4(address)) return isNamed || isPublicIpv4(address);
    const carried = carriedIpv4(address);
    if (carried === null) return isNamed || isPublicIpv6(address);
    if (address.isIPv4MappedAddress() && allowed.some((range) => contains(range, carried))) return true;
    return isNamed && isAllowed(carried);
  }

  function isUrlAllowed(url: URL): boolean {
    if (url.protocol !== "http:" && url.protocol !== "https:") return false;
    if (url.username !== "" || url.password !== "" || url.hostname === "") return false;
    const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.+$/, "");
    if (host === "localhost" || host.endsWith(".localhost")) return isAddressAllowed("127.0.0.1") || isAddressAllowed("::1");
    return parseAddress(host) === null || isAddressAllowed(host);
  }

  return { isAddressAllowed, isUrlAllowed };
}

/**
 * The canonical form of a CIDR range (host bits cleared, IPv6 shortened), or null when `text` is none. A single address is a range of
 * one; a range of v4-mapped addresses is the IPv4 range it stands for.
 */
export function readCidr(text: string): string | null {
  const slash = text.indexOf("/");
  const address = parseAddress(slash === -1 ? text : text.slice(0, slash));
  if (address === null || text.includes("%")) return null;
  const bitsMax = isIpv4(address) ? 32 : 128;
  const bitsText = slash === -1 ? String(bitsMax) : text.slice(slash + 1);
  if (!/^(0|[1-9]\d{0,2})$/.test(bitsText)) return null;
  const bits = Number(bitsText);
  if (bits > bitsMax) return null;
  if (isIpv4(address)) return `${ipaddr.IPv4.networkAddressFromCIDR(`${address.toString()}/${bits}`).toString()}/${bits}`;
  if (address.isIPv4MappedAddress() && bits >= 96) return readCidr(`${address.toIPv4Address().toString()}/${bits - 96}`);
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/${bits}`).toRFC5952String()}/${bits}`;
}

function rangeOf(cidr: string): Range {
  const canonical = readCidr(cidr);
  assert(canonical !== null, `an allowed target is a CIDR range, not ${JSON.stringify(cidr)}`);
  return ipaddr.parseCIDR(canonical);
}

/** null unless `text` is a literal address: IPv4 as four plain decimals, IPv6 with or without a zone. */
function parseAddress(text: string): Address | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  const zone = text.indexOf("%");
  const bare = withoutDottedTail(zone === -1 ? text : text.slice(0, zone));
  return bare.includes(":") && ipaddr.IPv6.isValid(bare) ? ipaddr.IPv6.parse(bare) : null;
}

/** `::10.1.2.3` as `::a01:203`: the package would read the dotted form as a mapped address, and the kernel does not. */
function withoutDottedTail(text: string): string {
  const tail = text.slice(text.lastIndexOf(":") + 1);
  if (!tail.includes(".") || !ipaddr.IPv4.isValidFourPartDecimal(tail)) return text;
  const [a = 0, b = 0, c = 0, d = 0] = ipaddr.IPv4.parse(tail).octets;
  return `${text.slice(0, -tail.length)}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}

function isIpv4(address: Address): address is ipaddr.IPv4 {
  return address.kind() === "ipv4";
}

function contains([network, bits]: Range, address: Address): boolean {
  return network.kind() === address.kind() && address.match(network, bits);
}

function isPublicIpv4(address: ipaddr.IPv4): boolean {
  return address.range() === "unicast" && !metadataAddresses.includes(address.toString());
}

function isPublicIpv6(address: ipaddr.IPv6): boolean {
  return contains(globalUnicast, address) && address.range() === "unicast";
}

/** Where the classes that carry an IPv4 address keep it: the first of its two 16-bit words, counted from the left. */
const carriers: readonly { readonly range: Range; readonly word: number; readonly isInverted: boolean }[] = [
  { range: ipaddr.IPv6.parseCIDR("::ffff:0:0/96"), word: 6, isInverted: false },
  { range: ipaddr.IPv6.parseCIDR("::ffff:0:0:0/96"), word: 6, isInverted: false },
  { range: ipaddr.IPv6.parseCIDR("64:ff9b::/96"), word: 6, isInverted: false },
  { range: ipaddr.IPv6.parseCIDR("64:ff9b:1::/48"), word: 6, isInverted: false },
  { range: ipaddr.IPv6.parseCIDR("2002::/16"), word: 1, isInverted: false },
  { range: ipaddr.IPv6.parseCIDR("2001::/32"), word: 6, isInverted: true },
];

/** The IPv4 address inside `address`; null when it carries none. */
function carriedIpv4(address: ipaddr.IPv6): ipaddr.IPv4 | null {
  const carrier = carriers.find(({ range }) => contains(range, address));
  if (carrier !== undefined) return ipv4At(address, carrier.word, carrier.isInverted);
  const words = address.parts;
  // `::` and `::1` lie in the compatible range too, but are addresses in their own right.
  const isCompatible = words.slice(0, 6).every((word) => word === 0) && words[6] !== 0;
  const isIsatap = words[5] === 0x5efe && (words[4] === 0 || words[4] === 0x200);
  return isCompatible || isIsatap ? ipv4At(address, 6, false) : null;
}

function ipv4At(address: ipaddr.IPv6, word: number, isInverted: boolean): ipaddr.IPv4 {
  const octets = address.toByteArray().slice(word * 2, word * 2 + 4);
  return new ipaddr.IPv4(isInverted ? octets.map((octet) => octet ^ 0xff) : octets);
}
