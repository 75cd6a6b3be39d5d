/** What the bench ran on, without a name of it. */
import { cpus, totalmem } from "node:os";
import manifest from "../../package.json" with { type: "json" };

export type Machine = {
  readonly date: string;
  readonly watchpost: string;
  readonly node: string;
  readonly sqlite: string;
  readonly system: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
};

export function describeMachine(): Machine {
  return {
    date: new Date().toISOString().slice(0, 10),
    watchpost: manifest.version,
    node: process.versions.node,
    sqlite: process.versions.sqlite ?? "unknown",
    system: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1024 ** 3),
  };
}
