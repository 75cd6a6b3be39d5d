import type { InboxMessage } from "../../api/server-state.ts";
import { Badge } from "../../parts/badge.tsx";
import { Time } from "../../parts/time.tsx";
import { Link } from "../../routing/link.tsx";
import css from "./inbox.module.css";
import { isGood, subjectOf } from "./message-checks.ts";

export type MessageListProps = {
  readonly messages: readonly InboxMessage[];
  readonly shownId: InboxMessage["id"];
  readonly placeOf: (id: string) => string;
};

/** The messages, the newest first. */
export function MessageList({ messages, shownId, placeOf }: MessageListProps) {
  return (
    <nav aria-label="Messages" className={css["list"]}>
      <ul>
        {messages.map((message) => (
          <li key={message.id}>
            <Link to={placeOf(String(message.id))} className={css["item"]} isCurrent={message.id === shownId}>
              <span>{subjectOf(message)}</span>
              <span className={css["under"]}>
                <Badge tone={isGood(message) ? "ok" : "warn"}>{isGood(message) ? "checked" : "look"}</Badge>
                <Time at={message.received_at} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
