/** undici, loaded when the first connection is made: it is a quarter of what the program loads, and a start owes no POST yet. */
import { createRequire } from "node:module";
import type * as Undici from "undici";

const load = createRequire(import.meta.url);
let loaded: typeof Undici | null = null;

export function undici(): typeof Undici {
  // The package is CommonJS, so that it is there at once; an `import` would make every way to a POST wait.
  loaded ??= load("undici") as typeof Undici;
  return loaded;
}
