/** typescript-sdk-8.0: a channel's id is a text wherever it stands. */
import typed from "@zohocrm/typescript-sdk-8.0";
import { createSdkClient } from "./client.ts";
import type { Sdk, SdkClient } from "./client.ts";
import { laterShape } from "./later-shape.ts";

export function openSdk(): SdkClient {
  const sdk: Sdk = typed;
  return createSdkClient({
    ...laterShape(sdk),
    channelIdsInQuery: String,
    setDeletesEvents: (item) => item.setDeleteEvents(true),
  });
}
