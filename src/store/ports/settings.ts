/** What the store keeps about itself, by name. */
import type { Awaitable } from "../store.ts";

/** `page_token_key`, `form_key`: the keys that page tokens and the forms of the sign-in page are signed with, in base64url. `heartbeat`: when the store last proved that it commits, in ms. */
export type SettingName = "page_token_key" | "form_key" | "heartbeat";

export type SettingRows = {
  get(name: SettingName): Awaitable<string | null>;
  /** Where two processes set it at once, both find what the first set. */
  putIfAbsent(name: SettingName, value: string): Awaitable<void>;
  put(name: SettingName, value: string): Awaitable<void>;
};
