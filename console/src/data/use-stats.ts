/** How the server is, as it said last; the stream brings it anew by itself. */
import { useQuery } from "@tanstack/react-query";
import { showStats } from "../api/server-state.ts";
import { useApi, usePollMs } from "./api-context.ts";
import { keys } from "./keys.ts";
import { learnServerTime } from "./server-clock.ts";

export function useStats() {
  const { client } = useApi();
  return useQuery({
    queryKey: keys.stats,
    queryFn: async () => {
      const stats = await showStats(client);
      learnServerTime(stats.now);
      return stats;
    },
    refetchInterval: usePollMs(),
  });
}
