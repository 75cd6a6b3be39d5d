/** typescript-sdk-6.0: a channel's id is a text in bodies and a number in queries. */
import typed from "@zohocrm/typescript-sdk-6.0";
import { createSdkClient } from "./client.ts";
import type { Sdk, SdkClient } from "./client.ts";
import { laterShape } from "./later-shape.ts";

export function openSdk(): SdkClient {
  const sdk: Sdk = typed;
  return createSdkClient({
    ...laterShape(sdk),
    channelIdsInQuery: (id) => id,
    setDeletesEvents: (item) => item.setDeleteevents(new sdk.Choice(true)),
  });
}
