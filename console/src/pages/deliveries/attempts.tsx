/** The attempts in the order they were made, each with its answer, and the next one when there is one to come. */
import type { Attempt, DeliveryDetail } from "../../api/deliveries.ts";
import { exactLength } from "../../format/instant.ts";
import { OutcomeBadge, outcomeTone } from "../../parts/badge.tsx";
import { BodyBlock } from "../../parts/code-block.tsx";
import { HeaderList } from "../../parts/header-list.tsx";
import { Row, Stack } from "../../parts/layout.tsx";
import { FullTime } from "../../parts/time.tsx";
import css from "./attempts.module.css";

export function Attempts({ delivery }: { readonly delivery: DeliveryDetail }) {
  const { attempts } = delivery;
  return (
    <ol className={css["timeline"]}>
      {attempts.map((attempt, index) => (
        <AttemptItem key={attempt.number} attempt={attempt} isLast={index === attempts.length - 1} />
      ))}
      <NextItem delivery={delivery} />
    </ol>
  );
}

function AttemptItem({ attempt, isLast }: { readonly attempt: Attempt; readonly isLast: boolean }) {
  const hasAnswer = attempt.http_status !== null;
  return (
    <li className={`${css["item"]} ${css[outcomeTone(attempt.outcome)]}`}>
      <Stack isTight>
        <Row>
          <strong>Attempt {attempt.number}</strong>
          <OutcomeBadge outcome={attempt.outcome} httpStatus={attempt.http_status} />
          <span className="wp-faint wp-number">{exactLength(attempt.duration_ms)}</span>
        </Row>
        <span className="wp-small">
          <FullTime at={attempt.started_at} />
        </span>
        {attempt.error === null ? null : <span className="wp-small">{attempt.error}</span>}
        {hasAnswer ? (
          <details className={css["answer"]} open={isLast}>
            <summary>The answer</summary>
            <div>
              <Stack isTight>
                <BodyBlock label="Body" body={attempt.response_body} />
                <HeaderList headers={attempt.response_headers} />
              </Stack>
            </div>
          </details>
        ) : null}
      </Stack>
    </li>
  );
}

function NextItem({ delivery }: { readonly delivery: DeliveryDetail }) {
  if (delivery.status === "waiting") {
    return (
      <li className={`${css["item"]} ${css["next"]}`}>Waits until an earlier delivery of this channel about the same record is settled.</li>
    );
  }
  if (delivery.status === "claimed") return <li className={`${css["item"]} ${css["next"]}`}>An attempt is under way.</li>;
  if (delivery.status === "pending") {
    return (
      <li className={`${css["item"]} ${css["next"]}`}>
        {delivery.attempts_made === 0 ? "First try " : "Next try "}
        <FullTime at={delivery.due_at} />
      </li>
    );
  }
  if (delivery.attempts.length > 0) return null;
  return (
    <li className={css["item"]}>
      {delivery.status === "cancelled" ? "Given up before the first attempt." : "No attempt is kept any more."}
    </li>
  );
}
