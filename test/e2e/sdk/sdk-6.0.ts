/** typescript-sdk-6.0: a channel's id is a text in bodies and a number in queries. */
import { createRequire } from "node:module";
import { createSdkClient } from "./client.ts";
import type { Sdk, SdkClient } from "./client.ts";
import { laterShape } from "./later-shape.ts";

export function openSdk(): SdkClient {
  const sdk: Sdk = createRequire(import.meta.url)("@zohocrm/typescript-sdk-6.0");
  return createSdkClient({
    ...laterShape(sdk),
    channelIdsInQuery: (id) => id,
    setDeletesEvents: (item) => item.setDeleteevents(new sdk.Choice(true)),
  });
}
