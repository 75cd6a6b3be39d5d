/**
 * Ways to spoil a request. A body is spoiled as a tree (types, nesting, numbers, unicode), as a text (keys given twice, numbers that no
 * double holds) or as bytes (cut, flipped, inserted); a query and headers as texts.
 */
import type { Random } from "./random.ts";

type Tree = { readonly [key: string]: unknown } | readonly unknown[];

/** Stands in a tree for a number that `JSON.stringify` cannot write. */
const numberMark = "\u0001number:";
const rawNumbers = [
  "9223372036854775807",
  "9223372036854775808",
  "-9223372036854775809",
  "1e400",
  "-0",
  "1E-400",
  "0.1e1",
  "123456789012345678901234567890",
  "4503599627370497.5",
  `1${"0".repeat(400)}`,
] as const;

const oddTexts = [
  "",
  " ",
  "\u0000",
  "\ud800",
  "\udc00x",
  "\u202e\u0645\u0631\u062d\u0628\u0627",
  "🦄".repeat(300),
  "a\u0301".repeat(100),
  "ﷺ",
  "\u2028\u2029",
  "null",
  "true",
  "0",
  "-1",
  "1e3",
  "__proto__",
  "constructor",
  "2024-02-30",
  "2024-02-29T23:59:60+05:30",
  "+275760-09-13T00:00:00Z",
  "-271821-04-20T00:00:00Z",
  "9999-12-31T23:59:59+14:00",
  "0000-01-01T00:00:00Z",
  "2026-01-01T00:00:00.000Z",
  "Deals.edit.edit",
  ".edit",
  "'; DROP TABLE records; --",
  "%00",
  "$.watch[0]",
  "x".repeat(70_000),
] as const;

const oddValues: readonly [unknown, ...unknown[]] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  Number.MAX_SAFE_INTEGER,
  1e21,
  [],
  {},
  [null],
  [[]],
  [{}],
  { id: null },
  { id: "1", name: 5 },
  { __proto__: null },
  ...rawNumbers.map((number) => `${numberMark}${number}`),
];

const oddKeys = [
  "__proto__",
  "constructor",
  "toString",
  "",
  "\u0000",
  "id",
  "ID",
  "$se_module",
  "_delete_events",
  "_delete",
  "api_name",
] as const;

/** The tree with one to four places changed. */
export function spoilTree(value: unknown, random: Random): unknown {
  let spoiled = value;
  for (let left = 1 + random.below(4); left > 0; left -= 1) spoiled = spoilOnce(spoiled, random);
  return spoiled;
}

function spoilOnce(value: unknown, random: Random): unknown {
  const goesDown = isTree(value) && Object.keys(value).length > 0 && random.hasChance(0.85);
  if (!goesDown) return replace(value, random);
  const keys = Object.keys(value);
  const key = keys[random.below(keys.length)] ?? "";
  const child: unknown = Reflect.get(value, key);
  if (isList(value)) {
    const index = Number(key);
    switch (random.below(6)) {
      case 0:
        return value.toSpliced(index, 1);
      case 1:
        return value.toSpliced(index, 0, ...Array.from({ length: random.pick([1, 2, 60, 120]) }, () => child));
      default:
        return value.with(index, spoilOnce(child, random));
    }
  }
  switch (random.below(8)) {
    case 0:
      return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
    case 1:
      return { ...value, [random.pick(oddKeys)]: random.pick([child, ...oddValues]) };
    case 2:
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [name === key ? key.toUpperCase() : name, one]));
    default:
      return { ...value, [key]: spoilOnce(child, random) };
  }
}

function replace(value: unknown, random: Random): unknown {
  switch (random.below(6)) {
    case 0:
      return [value];
    case 1:
      return { api_name: value, id: value };
    case 2:
      return nest(value, random.pick([3, 20, 70, 300]));
    case 3:
      return random.pick(oddTexts);
    case 4:
      return typeof value === "string" ? spoilText(value, random) : random.pick(oddValues);
    default:
      return random.pick(oddValues);
  }
}

function nest(value: unknown, depth: number): unknown {
  let nested = value;
  for (let level = 0; level < depth; level += 1) nested = level % 2 === 0 ? [nested] : { group: nested };
  return nested;
}

function spoilText(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  switch (random.below(5)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return `${text.slice(0, at)}${random.pick(oddTexts)}${text.slice(at)}`;
    case 2:
      return text.repeat(random.pick([2, 30]));
    case 3:
      return text.toLowerCase();
    default:
      return ` ${text}\n`;
  }
}

/** JSON with the numbers of a spoiled tree; now and then with a key given twice. */
export function writeTree(value: unknown, random: Random): string {
  const text = (JSON.stringify(value) ?? "null").replaceAll(/"\\u0001number:([^"]*)"/g, "$1");
  if (!random.hasChance(0.1)) return text;
  return text.replace(/"(\w+)":/, (whole, key: string) => `"${key}":${random.pick(["null", "[]", '"x"', "1e400"])},${whole}`);
}

/** The bytes with one to three places changed. */
export function spoilBytes(bytes: Buffer, random: Random): Buffer {
  let spoiled = bytes;
  for (let left = 1 + random.below(3); left > 0; left -= 1) spoiled = spoilBytesOnce(spoiled, random);
  return spoiled;
}

function spoilBytesOnce(bytes: Buffer, random: Random): Buffer {
  const at = random.below(bytes.length + 1);
  switch (random.below(6)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from([random.below(256)]), bytes.subarray(at + 1)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from([0xc3, 0x28, 0xff, 0x00].slice(random.below(4))), bytes.subarray(at)]);
    case 3:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + random.below(12))]);
    case 4:
      return Buffer.concat([Buffer.from("\ufeff"), bytes]);
    default:
      return Buffer.concat([bytes, bytes.subarray(at)]);
  }
}

const oddQueryParts = [
  "",
  "=",
  "&&&",
  "=x",
  "%",
  "%ZZ=1",
  "a%00b=c",
  "fields",
  "fields=",
  "fields[]=id",
  "ids=,,,",
  "page=1&page=2",
  "page=99999999999999999999",
  "page=-1",
  "per_page=0",
  "per_page=1e3",
  "page_token=x",
  "page_token=%00",
  "sort_by=__proto__",
  "channel_id=%F0%9F%A6%84",
  "module=%2e%2e%2f",
  "criteria=((((((((((a:equals:b))))))))))",
  "criteria=(Last_Name:equals:\\)",
  "criteria=(Last_Name:between:1)",
  `criteria=${"(".repeat(500)}`,
  `ids=${"1,".repeat(150)}`,
  `fields=${"Last_Name,".repeat(60)}`,
  `word=${"x".repeat(3_000)}`,
  "\u00e9=\u00ff",
] as const;

/** The query, spoiled; without its `?`, maybe no valid one. */
export function spoilQuery(query: string, random: Random): string {
  const parts = query.split("&");
  const at = random.below(parts.length + 1);
  switch (random.below(5)) {
    case 0:
      return parts.toSpliced(at, 0, random.pick(oddQueryParts)).join("&");
    case 1:
      return parts.toSpliced(at, 1).join("&");
    case 2:
      return `${query}&`;
    case 3:
      return parts.map((part) => (random.hasChance(0.5) ? (part.split("=", 1)[0] ?? "") : part)).join("&");
    default:
      return random.pick(oddQueryParts);
  }
}

export type Header = readonly [name: string, value: string];

const oddHeaders: readonly [Header, ...Header[]] = [
  ["Content-Type", "application/x-www-form-urlencoded"],
  ["Content-Type", "multipart/form-data; boundary="],
  ["Content-Type", "multipart/form-data"],
  ["Content-Type", "\u00ff/\u00fe; ;;="],
  ["Content-Type", "application/json; charset=utf-16"],
  ["Content-Encoding", "gzip"],
  ["Content-Encoding", "x-unknown"],
  ["Accept-Encoding", "gzip;q=0, *;q=2"],
  ["Accept-Encoding", "br, deflate, gzip"],
  ["Accept", "text/html"],
  ["If-Modified-Since", "yesterday"],
  ["If-Modified-Since", "2026-11-22T08:26:32Z"],
  ["If-Modified-Since", "Thu, 01 Jan 1970 00:00:00 GMT"],
  ["If-Unmodified-Since", "2020-01-01T00:00:00+05:30"],
  ["If-Unmodified-Since", "-271821-04-20T00:00:00Z"],
  ["If-None-Match", "*"],
  ["Expect", "100-continue"],
  ["X-HTTP-Method-Override", "DELETE"],
  ["Host", "evil.invalid:99999"],
  ["Range", "bytes=0-1"],
  ["Cookie", "a=b; =; \u0080"],
  ["Upgrade", "websocket"],
  ["Connection", "close"],
  ["Connection", "keep-alive, upgrade"],
  ["X-Long", "x".repeat(20_000)],
  ["X-Too-Long", "x".repeat(60_000)],
];

export function oddHeader(random: Random): Header {
  return random.pick(oddHeaders);
}

function isList(value: Tree): value is readonly unknown[] {
  return Array.isArray(value);
}

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null;
}
