/** How long a channel still lives, counting down. */
import { useServerNow } from "../../data/server-clock.ts";
import type { Tone } from "../../parts/badge.tsx";
import { Badge } from "../../parts/badge.tsx";
import { absoluteTime, relativeTime } from "../../format/instant.ts";

const hourMs = 3_600_000;

export function Expiry({ at }: { readonly at: string }) {
  const now = useServerNow();
  const atMs = Date.parse(at);
  const tone: Tone = atMs <= now ? "bad" : atMs - now < hourMs ? "bad" : atMs - now < 24 * hourMs ? "warn" : "idle";
  return (
    <time dateTime={at} title={absoluteTime(atMs)} className="wp-number">
      <Badge tone={tone} hasDot={false}>
        {atMs <= now ? "expired " : ""}
        {relativeTime(atMs, now)}
      </Badge>
    </time>
  );
}
