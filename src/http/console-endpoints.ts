/**
 * `/console/`: the web console. Its page is answered under every path below that is no file, for the page reads the path itself. A file
 * whose name changes with its content may be kept for good.
 */
import { randomBytes } from "node:crypto";
import type { Answer } from "./answer.ts";
import { prefersCoding, prefersGzip } from "./compression.ts";
import { isTagKnown } from "./conditional.ts";
import { pathPart } from "./crm-endpoint.ts";
import { html, pageAnswer, redirectAnswer } from "./html.ts";
import { type OwnCall, unknownOwnPath } from "./own-surface.ts";
import type { StaticFile } from "./static-files.ts";

const pageName = "index.html";
const noncePlaceholder = "__CSP_NONCE__";

/** `GET /console/…`, and `GET /console`, which leads there. */
export async function showConsole(call: OwnCall): Promise<Answer> {
  const { operator, params, raw } = call;
  if ((raw.url ?? "").split("?", 1)[0] === "/console") return redirectAnswer("/console/");
  const files = await operator.consoleFiles();
  const page = files?.get(pageName);
  if (page === undefined) return notBuilt();
  const name = pathPart(params, "*");
  const file = files?.get(name);
  if (file !== undefined && file !== page) return fileAnswer(call, file, name.startsWith("assets/") ? keptForGood : keptAndAsked);
  // What looks like a file and is none is missing: the page in its place would be read as a script or a picture.
  const isFile = file !== page && (name.startsWith("assets/") || /\.\w+$/.test(name));
  return isFile ? unknownOwnPath() : pageOf(call, page);
}

const keptForGood = "public, max-age=31536000, immutable";
const keptAndAsked = "no-cache";

/** Where the page asks for a nonce, for the styles that a library writes into it, each answer has one of its own, and nobody keeps it. */
async function pageOf(call: OwnCall, page: StaticFile): Promise<Answer> {
  const text = page.bytes.toString("utf8");
  if (!text.includes(noncePlaceholder)) return fileAnswer(call, page, keptAndAsked);
  const nonce = randomBytes(16).toString("base64");
  const headers = ["Content-Type", page.mediaType, "Cache-Control", "no-store", "Vary", "accept-encoding", ...guards(` 'nonce-${nonce}'`)];
  return { status: 200, headers, text: text.replaceAll(noncePlaceholder, nonce) };
}

async function fileAnswer({ raw }: OwnCall, file: StaticFile, cacheControl: string): Promise<Answer> {
  const acceptEncoding = raw.headers["accept-encoding"];
  const coding = prefersCoding(acceptEncoding, ["br"]) ? "br" : prefersGzip(acceptEncoding) ? "gzip" : null;
  const coded = coding === null ? null : await file.coded(coding);
  // Each form of the bytes is a thing of its own, and so has its own tag.
  const tag = coded === null ? file.tag : file.tag.replace(/"$/, `-${coding ?? ""}"`);
  const headers = ["Cache-Control", cacheControl, "ETag", tag, "Vary", "accept-encoding", ...guards("")];
  if (isTagKnown(raw.headers["if-none-match"], tag)) return { status: 304, headers, text: null };
  const ofBytes = ["Content-Type", file.mediaType, ...(coded === null ? [] : ["Content-Encoding", coding ?? ""])];
  return { status: 200, headers: [...ofBytes, ...headers], text: null, bytes: coded ?? file.bytes };
}

/** Nothing from elsewhere, nothing written into the page but what the nonce allows, and no frames around it. */
function guards(styleNonce: string): readonly string[] {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self'${styleNonce}`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ];
  return ["Content-Security-Policy", policy.join("; "), ...otherGuards];
}

const otherGuards: readonly string[] = Object.entries({
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}).flat();

function notBuilt(): Answer {
  const body = html`<h1>The console is not built</h1>
    <p>In the folder of Watchpost, run:</p>
    <p><code>npm run build:console</code></p>
    <p>and start the server again. The API answers meanwhile; <a href="/docs">its description</a> is here.</p>`;
  return pageAnswer({ status: 404, title: "The console is not built · Watchpost", body, formTargets: [] });
}
