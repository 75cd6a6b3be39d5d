/** `watchpost/client`: the watch API of Watchpost or Zoho, the channel keeper, and Watchpost's admin API. */
export type { Auth, RefreshGrant } from "./access-token.ts";
export { type AdminClient, type AdminClientOptions, createAdminClient } from "./admin-client.ts";
export type * from "./admin-types.ts";
export { ApiError } from "./api-error.ts";
export { ChannelKeeper, type Kept, type KeeperEvent, type KeeperOptions, keepChannel } from "./keeper.ts";
export type { Page, Pages } from "./pages.ts";
export type { TransportOptions } from "./transport.ts";
export { WatchError } from "./watch-answer.ts";
export { type CallOptions, type WatchClient, type WatchClientOptions, createWatchClient } from "./watch-client.ts";
export type * from "./watch-types.ts";
