/** What clients ask of their channels. */
import type { Caller } from "../../core/principal.ts";
import type { Result } from "../../core/result.ts";
import type { Resource, WatchItemDone, WatchMode } from "../../core/watch.ts";
import type { Page } from "../../core/written.ts";
import type { VersionName } from "../../wire/versions.ts";
import type { RowPage } from "./records.ts";

export type WatchCommands = {
  "watch.write": {
    input: { caller: Caller; version: VersionName; mode: WatchMode; items: readonly unknown[] };
    output: readonly Result<WatchItemDone>[];
  };
  /** One row a channel and module, in their wire form. `module` null: every module. */
  "watch.list": {
    input: {
      caller: Caller;
      version: VersionName;
      timeZone: string;
      baseUrl: string;
      channelId: string | null;
      module: string | null;
      page: Page;
    };
    output: RowPage;
  };
  "watch.disable": {
    input: { caller: Caller; channelIds: readonly string[] };
    output: readonly Result<{ readonly channelId: string; readonly resources: readonly Resource[] }>[];
  };
};
