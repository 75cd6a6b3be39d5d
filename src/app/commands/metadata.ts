/** Modules, fields, users and the org. */
import type { Operation } from "../../core/channel.ts";
import type { Id } from "../../core/ids.ts";
import type { Caller } from "../../core/principal.ts";
import type { Result } from "../../core/result.ts";
import type { Page } from "../../core/written.ts";
import type { Json } from "../../wire/json.ts";
import type { ModuleStatus } from "../../wire/metadata-module.ts";
import type { VersionName } from "../../wire/versions.ts";
import type { RowPage } from "./records.ts";

export type MetadataCommands = {
  /** `modifiedSince` in ms: only what changed later; null: everything. An output of null: nothing did. `statuses` null: all. */
  "metadata.modules": {
    input: { caller: Caller; version: VersionName; statuses: readonly ModuleStatus[] | null; modifiedSince: number | null };
    output: readonly Json[] | null;
  };
  "metadata.module": {
    input: { caller: Caller; version: VersionName; module: string; modifiedSince: number | null };
    output: Result<Json | null>;
  };
  "metadata.fields": {
    input: { caller: Caller; version: VersionName; module: string; type: "used" | "unused" | "all" };
    output: Result<readonly Json[]>;
  };
  "metadata.field": { input: { caller: Caller; version: VersionName; module: string; id: string }; output: Result<Json | null> };

  "metadata.writeFields": {
    input: {
      caller: Caller;
      module: string;
      operation: Operation;
      /** As parsed from the body; for a delete, the id. */
      items: readonly unknown[];
      idInPath: string | null;
    };
    output: Result<readonly Result<{ readonly id: Id }>[]>;
  };
  "metadata.writeModules": {
    input: {
      caller: Caller;
      operation: Operation;
      /** As parsed from the body; for a delete, the name or id. */
      items: readonly unknown[];
      /** The API name or the id. */
      nameInPath: string | null;
    };
    output: Result<readonly Result<{ readonly id: Id }>[]>;
  };
  /** The layouts of a module; `id` null: all of them. An output of null: none changed later than `modifiedSince`. */
  "metadata.layouts": {
    input: { caller: Caller; version: VersionName; module: string; id: string | null; modifiedSince: number | null };
    output: Result<readonly Json[] | null>;
  };
  "metadata.relatedLists": {
    input: { caller: Caller; version: VersionName; module: string; id: string | null };
    output: Result<readonly Json[]>;
  };

  "users.list": { input: { caller: Caller; type: string; ids: readonly string[] | null; page: Page }; output: Result<RowPage> };
  "users.get": { input: { caller: Caller; id: string }; output: Result<Json> };
  "users.write": {
    input: { caller: Caller; operation: Operation; items: readonly unknown[]; idInPath: string | null };
    output: Result<readonly Result<{ readonly id: Id }>[]>;
  };
  "org.get": { input: { caller: Caller }; output: Json };
};
