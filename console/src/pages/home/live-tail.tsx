/** The newest attempts, as they are made. */
import { useApi } from "../../data/api-context.ts";
import { clockTime, exactLength } from "../../format/instant.ts";
import { OutcomeBadge } from "../../parts/badge.tsx";
import { Link } from "../../routing/link.tsx";
import css from "./home.module.css";

export function LiveTail() {
  const { tail, live } = useApi();
  if (tail.length === 0) {
    return (
      <p className="wp-faint">
        {live === "live"
          ? "No attempt since this page was opened. Change a record that a channel watches, and it shows here."
          : "The stream of events is not open. Attempts show here once it is."}
      </p>
    );
  }
  return (
    <ol className={css["tail"]} tabIndex={0} aria-label="Newest attempts">
      {tail.map((event) => (
        <li key={`${event.id}.${event.attempt}`}>
          <time dateTime={event.at} className="wp-faint wp-number">
            {clockTime(Date.parse(event.at))}
          </time>
          <OutcomeBadge outcome={event.outcome} httpStatus={event.http_status} />
          <span>
            <Link to={`/deliveries/${event.id}`}>
              {event.module} {event.operation}
            </Link>{" "}
            <span className="wp-faint">to {event.channel_id}</span>
          </span>
          <span className="wp-faint wp-number">{exactLength(event.duration_ms)}</span>
        </li>
      ))}
    </ol>
  );
}
