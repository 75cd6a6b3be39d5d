/** What the store keeps about itself, by name. */
import type { Awaitable } from "../store.ts";

/** `page_token_key`: the key that page tokens are signed with, in base64url. `heartbeat`: when the store last proved that it commits, in ms. */
export type SettingName = "page_token_key" | "heartbeat";

export type SettingRows = {
  get(name: SettingName): Awaitable<string | null>;
  put(name: SettingName, value: string): Awaitable<void>;
};
