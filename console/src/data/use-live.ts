/** Keeps what is shown up to date: the stream's events make the areas they concern ask anew, at most once a second. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { DeliveryEvent, Stats } from "../api/server-state.ts";
import { openEventSource, startTimer } from "./browser.ts";
import { coalesce } from "./coalesce.ts";
import { areasOfDelivery, areasOfHint, keys } from "./keys.ts";
import { type LiveState, keepStream } from "./live-stream.ts";
import { learnServerTime } from "./server-clock.ts";

const intervalMs = 1_000;
const tailMax = 50;

export function useLive(): { readonly live: LiveState; readonly tail: readonly DeliveryEvent[] } {
  const queries = useQueryClient();
  const [live, setLive] = useState<LiveState>("connecting");
  const [tail, setTail] = useState<readonly DeliveryEvent[]>([]);
  useEffect(() => {
    let wasLive = false;
    let arrived: DeliveryEvent[] = [];
    const askAnew = coalesce(intervalMs, startTimer, (areas) => {
      for (const area of areas) void queries.invalidateQueries({ queryKey: [area] });
      const news = arrived;
      arrived = [];
      if (news.length > 0) setTail((before) => [...news.toReversed(), ...before].slice(0, tailMax));
    });
    return keepStream({
      open: () => openEventSource("/api/v1/stream"),
      startTimer,
      onState: (state) => {
        // What happened while nobody listened is not told again.
        if (state === "live" && wasLive) void queries.invalidateQueries();
        if (state === "live") wasLive = true;
        setLive(state);
      },
      onEvent: (name, data) => {
        if (name === "hint") askAnew(...areasOfHint);
        else if (isStats(data)) {
          learnServerTime(data.now);
          queries.setQueryData<Stats>(keys.stats, data);
        } else if (isDelivery(data)) {
          arrived.push(data);
          if (arrived.length > tailMax) arrived.shift();
          askAnew(...areasOfDelivery, ...(data.outcome === "delivered" ? [] : ["channels"]));
        }
      },
    });
  }, [queries]);
  return { live, tail };
}

function isStats(data: unknown): data is Stats {
  return typeof data === "object" && data !== null && "health" in data && "series" in data;
}

function isDelivery(data: unknown): data is DeliveryEvent {
  return typeof data === "object" && data !== null && "outcome" in data && "channel_key" in data;
}
