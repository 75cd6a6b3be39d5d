/** Every figure of the bench, in the order in which they are measured. */
import type { Figure } from "./figure.ts";
import { measureApart } from "./figures/apart.ts";
import { measureBacklog } from "./figures/backlog.ts";
import { measureCeilings } from "./figures/ceilings.ts";
import { measureEngine } from "./figures/engine.ts";
import { measureFootprint } from "./figures/footprint.ts";
import { measureGrowth } from "./figures/growth.ts";
import { measureLatency } from "./figures/latency.ts";
import { measureMatch } from "./figures/match.ts";
import { measurePeers } from "./figures/peers.ts";
import { measureScaling } from "./figures/scaling.ts";
import { measureShared } from "./figures/shared.ts";
import { measureSingleEdits } from "./figures/single-edits.ts";
import { measureWholeWay } from "./figures/whole-way.ts";

export const figures: readonly Figure[] = [
  { name: "ceilings", title: "Ceilings", run: measureCeilings },
  { name: "engine", title: "Engine: change in, commit, POST, settled; no HTTP in front", run: measureEngine },
  { name: "shared", title: "Engine over PostgreSQL, without and with NATS JetStream", run: measureShared },
  {
    name: "apart",
    title: "One process that writes, two that dispatch, over PostgreSQL without and with NATS JetStream",
    run: measureApart,
  },
  { name: "scaling", title: "More dispatch processes over PostgreSQL: a backlog, drained by one and by four", run: measureScaling },
  { name: "whole-way", title: "The whole way: PUT over HTTP, commit, POST, settled", run: measureWholeWay },
  { name: "peers", title: "Peers that do the same job", run: measurePeers },
  { name: "latency", title: "Latency at half load", run: measureLatency },
  { name: "single-edits", title: "One edit after another", run: measureSingleEdits },
  { name: "match", title: "Matching one change, which 32 channels hear, by the number of channels", run: measureMatch },
  { name: "backlog", title: "A backlog", run: measureBacklog },
  { name: "growth", title: "Growth: one cost by the number of rows", run: measureGrowth },
  { name: "footprint", title: "Start-up, size, and rest", run: measureFootprint },
];
