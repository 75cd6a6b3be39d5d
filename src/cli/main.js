/**
 * The program's first file, and so small that what it imports costs nothing: everything after it is loaded from the compile cache, with its
 * types stripped and its code compiled by an earlier run. Where the cache cannot be read or written, Node does that work again.
 */
import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

/** Beside the dependencies, which are as old as the cache and as trusted: a folder for all users of the machine would not be. */
const cacheFolder = fileURLToPath(new URL("../../node_modules/.cache/watchpost", import.meta.url));

// Portable: a checkout that is copied or moved keeps its cache.
enableCompileCache({ directory: cacheFolder, portable: true });
const { runProgram } = await import("./run-program.ts");
// oxlint-disable-next-line node/no-process-env -- the one place that reads the environment
process.exitCode = await runProgram(process.argv.slice(2), process.env);
