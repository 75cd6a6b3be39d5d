/** The figures that an operator asks for first, each with the way to what is behind it. */
import type { ReactNode } from "react";
import type { Stats } from "../../api/server-state.ts";
import { useServerNow } from "../../data/server-clock.ts";
import { roughLength } from "../../format/instant.ts";
import { Figures } from "../../parts/layout.tsx";
import { Link } from "../../routing/link.tsx";
import css from "./home.module.css";
import { successShare } from "./series.ts";

export function KeyFigures({ stats }: { readonly stats: Stats }) {
  const now = useServerNow();
  const { backlog, channels, oldest_pending_at: oldest, series } = stats;
  const share = successShare(series.points);
  const waiting = backlog.waiting + backlog.pending + backlog.claimed;
  return (
    <Figures>
      <Figure name="Undelivered" note={<Link to="/deliveries?status=pending">pending ones</Link>}>
        {waiting.toLocaleString("en")}
      </Figure>
      <Figure name="Oldest of them" note="since its change was committed">
        {oldest === null ? "–" : roughLength(Math.max(0, now - Date.parse(oldest)))}
      </Figure>
      <Figure name="Dead letters" note={<Link to="/deliveries?status=dead">look at them</Link>}>
        {backlog.dead.toLocaleString("en")}
      </Figure>
      <Figure name="Success" note={`of attempts in the last ${roughLength(series.points.length * series.step_seconds * 1000)}`}>
        {share === null ? "–" : `${(share * 100).toFixed(share === 1 ? 0 : 1)} %`}
      </Figure>
      <Figure name="Channels" note={<Link to="/channels">{`${channels.paused} paused, ${channels.disabled} disabled`}</Link>}>
        {channels.active.toLocaleString("en")} active
      </Figure>
    </Figures>
  );
}

function Figure({ name, note, children }: { readonly name: string; readonly note: ReactNode; readonly children: ReactNode }) {
  return (
    <dl className={css["figure"]}>
      <dt>{name}</dt>
      <dd>
        {children}
        <small>{note}</small>
      </dd>
    </dl>
  );
}
