import { useStats } from "../data/use-stats.ts";
import { spanText } from "../format/instant.ts";

/** How long changes and settled deliveries are kept on this server: `7 days`, unless its operator said otherwise. */
export function KeptFor() {
  const { data } = useStats();
  return data === undefined ? "a while" : spanText(data.retention.history_ms);
}
