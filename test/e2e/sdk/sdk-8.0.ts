/** typescript-sdk-8.0: a channel's id is a text wherever it stands. */
import { createRequire } from "node:module";
import { createSdkClient } from "./client.ts";
import type { Sdk, SdkClient } from "./client.ts";
import { laterShape } from "./later-shape.ts";

export function openSdk(): SdkClient {
  const sdk: Sdk = createRequire(import.meta.url)("@zohocrm/typescript-sdk-8.0");
  return createSdkClient({
    ...laterShape(sdk),
    channelIdsInQuery: String,
    setDeletesEvents: (item) => item.setDeleteEvents(true),
  });
}
