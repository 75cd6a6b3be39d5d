/**
 * Files that are served as they are. A folder is read once into a table by path; what is not in the table is not there, so
 * no path, however it is written, leads anywhere else.
 */
import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { limits } from "../core/limits.ts";

export type Coding = "br" | "gzip";

export type StaticFile = {
  readonly mediaType: string;
  readonly bytes: Buffer;
  /** Strong, of the bytes as they are. */
  readonly tag: string;
  /** The bytes in this coding; null: they are not worth it. The build's own where it made some, else made once. */
  coded(coding: Coding): Promise<Buffer | null>;
};

/** By path below the folder, with `/` between its parts. */
export type StaticFiles = ReadonlyMap<string, StaticFile>;

const mediaTypes: Readonly<Record<string, { readonly type: string; readonly isText: boolean }>> = {
  ".html": { type: "text/html;charset=UTF-8", isText: true },
  ".js": { type: "text/javascript;charset=UTF-8", isText: true },
  ".css": { type: "text/css;charset=UTF-8", isText: true },
  ".json": { type: "application/json;charset=UTF-8", isText: true },
  ".svg": { type: "image/svg+xml", isText: true },
  ".txt": { type: "text/plain;charset=UTF-8", isText: true },
  ".map": { type: "application/json;charset=UTF-8", isText: true },
  ".png": { type: "image/png", isText: false },
  ".ico": { type: "image/x-icon", isText: false },
  ".woff2": { type: "font/woff2", isText: false },
};

const codedEndings: Readonly<Record<Coding, string>> = { br: ".br", gzip: ".gz" };

/** As `readStaticFiles`, when the files are first asked for. */
export function staticFilesOf(folder: string): () => Promise<StaticFiles | null> {
  let reading: Promise<StaticFiles | null> | null = null;
  return () => (reading ??= readStaticFiles(folder));
}

/** The files of a folder and of those in it; null: there is no such folder. Rejects when there are too many, or too much. */
export async function readStaticFiles(folder: string): Promise<StaticFiles | null> {
  const names = await namesIn(folder);
  if (names === null) return null;
  if (names.length > limits.staticFilesMax) throw new Error(`${folder} has more than ${limits.staticFilesMax} files`);
  const contents = new Map<string, Buffer>();
  let bytes = 0;
  for (const name of names) {
    const content = await readFile(path.join(folder, ...name.split("/")));
    bytes += content.length;
    if (bytes > limits.staticBytesMax) throw new Error(`${folder} has more than ${limits.staticBytesMax} bytes`);
    contents.set(name, content);
  }
  const isCoded = (name: string): boolean =>
    Object.values(codedEndings).some((end) => name.endsWith(end) && contents.has(name.slice(0, -3)));
  const plain = [...contents].filter(([name]) => !isCoded(name));
  return new Map(plain.map(([name, content]) => [name, fileOf(name, content, contents)]));
}

async function namesIn(folder: string): Promise<readonly string[] | null> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    // A link is no file here: it might lead out of the folder.
    const files = entries.filter((entry) => entry.isFile());
    return files.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"));
  } catch (error) {
    // Expected: the folder was not built.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

function fileOf(name: string, bytes: Buffer, contents: ReadonlyMap<string, Buffer>): StaticFile {
  const { type, isText } = mediaTypes[path.extname(name)] ?? { type: "application/octet-stream", isText: false };
  const tag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
  const made = new Map<Coding, Promise<Buffer | null>>();
  return {
    mediaType: type,
    bytes,
    tag,
    async coded(coding) {
      const built = contents.get(`${name}${codedEndings[coding]}`);
      if (built !== undefined) return built;
      if (!isText || bytes.length < limits.compressedBytesMin) return null;
      const known = made.get(coding);
      if (known !== undefined) return known;
      const making = codeOf(coding, bytes);
      made.set(coding, making);
      return making;
    },
  };
}

const inThreadPool = { br: promisify(brotliCompress), gzip: promisify(gzip) };

/** null when there is too little memory for it, or it does not get smaller. */
async function codeOf(coding: Coding, bytes: Buffer): Promise<Buffer | null> {
  try {
    const coded =
      coding === "br"
        ? await inThreadPool.br(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })
        : await inThreadPool.gzip(bytes, { level: 9 });
    return coded.length < bytes.length ? coded : null;
  } catch {
    // Expected: too little memory. The bytes as they are need none.
    return null;
  }
}
