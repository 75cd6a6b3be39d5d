import type { InboxMessage } from "../../api/server-state.ts";
import { curlOf } from "../../format/curl.ts";
import { BodyBlock } from "../../parts/code-block.tsx";
import { CopyButton } from "../../parts/copy-button.tsx";
import { HeaderList } from "../../parts/header-list.tsx";
import { Card, Stack } from "../../parts/layout.tsx";
import { FullTime } from "../../parts/time.tsx";
import { Link } from "../../routing/link.tsx";
import css from "./inbox.module.css";
import { checkLines, subjectOf } from "./message-checks.ts";

/** One message: is it what it says it is, and what does it say. */
export function MessageDetail({ message }: { readonly message: InboxMessage }) {
  const webhookId = message.headers["webhook-id"] ?? "";
  const url = globalThis.location.origin + message.path;
  return (
    <Card
      title={subjectOf(message)}
      actions={<CopyButton text={curlOf({ url, headers: message.headers, body: message.body })}>Copy as curl</CopyButton>}
    >
      <Stack>
        <FullTime at={message.received_at} />
        <ul className={css["checks"]}>
          {checkLines(message).map(({ isGood, text }) => (
            <li key={text} data-good={isGood}>
              <span aria-hidden="true">{isGood ? "✓" : "!"}</span> {text}
            </li>
          ))}
        </ul>
        {/^msg_\d+$/.test(webhookId) ? (
          <Link to={`/deliveries/${webhookId.slice("msg_".length)}`}>The delivery, with what changed and why</Link>
        ) : null}
        <BodyBlock label="Body" body={message.body} />
        <div>
          <strong>
            {message.method} <span className="wp-mono">{message.path}</span>
          </strong>
          <HeaderList headers={message.headers} />
        </div>
      </Stack>
    </Card>
  );
}
