/** `npm run console:fake [-- --new]`: the built console with made-up data. */
import { openFake } from "./server.ts";

const port = 8586;
const { url, token } = await openFake({ port, past: process.argv.includes("--new") ? "new" : "full" });
process.stdout.write(`console ${url}#token=${token}\n`);
