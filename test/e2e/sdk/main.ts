/** Plays the flow with one SDK in a process of its own, for SDKs keep what they know in globals: `main.ts <version> <options as JSON>`. */
import type { SdkClient } from "./client.ts";
import { playFlow } from "./flow.ts";
import type { FlowOptions } from "./flow.ts";

const sdks: Readonly<Record<string, () => Promise<{ openSdk(): SdkClient }>>> = {
  "2.1": () => import("./sdk-v2-1.ts"),
  "6.0": () => import("./sdk-v6.ts"),
  "8.0": () => import("./sdk-v8.ts"),
};

const [version = "", text = "{}"] = process.argv.slice(2);
const options: FlowOptions = JSON.parse(text);
const sdk = await sdks[version]?.();
if (sdk === undefined) throw new Error(`there is no SDK ${version}`);
await playFlow(sdk.openSdk(), options, (step) => process.stdout.write(`${step}\n`));
