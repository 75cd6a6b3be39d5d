/**
 * The first file of the store's thread: a thread has no part in the compile cache of its process until it asks for it. It is JavaScript, for
 * until then Node would load its TypeScript reader for this file alone.
 */
import { enableCompileCache } from "node:module";
import { dirname } from "node:path";
import { workerData } from "node:worker_threads";

/**
 * Where the process keeps its compiled code, as Node names it: a folder for its own version, in the one that Node was given. null: nowhere.
 *
 * @type {unknown}
 */
const compileCache = workerData;
if (typeof compileCache === "string") enableCompileCache({ directory: dirname(compileCache), portable: true });
await import("./worker.ts");
