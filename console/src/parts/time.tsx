/** An instant: how far from now, and on hover when exactly, in the browser's zone and in UTC. */
import { useServerNow } from "../data/server-clock.ts";
import { absoluteTime, dateAndTime, relativeTime } from "../format/instant.ts";

export function Time({ at }: { readonly at: string | null }) {
  const now = useServerNow();
  if (at === null) return <span className="wp-faint">–</span>;
  const atMs = Date.parse(at);
  return (
    <time dateTime={at} title={absoluteTime(atMs)} className="wp-number">
      {relativeTime(atMs, now)}
    </time>
  );
}

/** Both: for a detail, where there is room. */
export function FullTime({ at }: { readonly at: string | null }) {
  const now = useServerNow();
  if (at === null) return <span className="wp-faint">–</span>;
  const atMs = Date.parse(at);
  return (
    <time dateTime={at} title={absoluteTime(atMs)} className="wp-number">
      {dateAndTime(atMs)} <span className="wp-faint">({relativeTime(atMs, now)})</span>
    </time>
  );
}
