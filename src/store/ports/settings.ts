/** What the store keeps about itself, by name. */
import type { Awaitable } from "../store.ts";

/** `page_token_key`: the key that page tokens are signed with, in base64url. */
export type SettingName = "page_token_key";

export type SettingRows = {
  get(name: SettingName): Awaitable<string | null>;
  put(name: SettingName, value: string): Awaitable<void>;
};
