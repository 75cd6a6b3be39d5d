/** The clock of `dev`: a week of retries, or the end of a channel, in a moment. */
import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Clock } from "../../api/server-state.ts";
import { moveClock, showClock } from "../../api/server-state.ts";
import { useApi } from "../../data/api-context.ts";
import { keys } from "../../data/keys.ts";
import { learnServerTime, useServerNow } from "../../data/server-clock.ts";
import { useAct } from "../../data/use-act.ts";
import { absoluteTime, dateAndTime, inputOfInstant, instantOfInput, roughLength } from "../../format/instant.ts";
import { ConfirmButton } from "../../parts/confirm.tsx";
import { Card, Columns, Facts, PageHeader, Row, Stack } from "../../parts/layout.tsx";
import { Loaded } from "../../parts/states.tsx";
import { FullTime } from "../../parts/time.tsx";
import css from "./clock.module.css";

const jumps = ["10s", "5m", "1h", "1d", "7d"] as const;
const longMove = 3_600_000;

type Move = Parameters<typeof moveClock>[1];

export function ClockPage() {
  const { client } = useApi();
  const query = useQuery({
    queryKey: keys.clock,
    queryFn: async () => {
      const clock = await showClock(client);
      learnServerTime(clock.now);
      return clock;
    },
    refetchInterval: 10_000,
  });
  return (
    <>
      <PageHeader
        title="Clock"
        lead="This server runs on a clock of its own, which goes forwards only. A move skips nothing: retries, expiries and purges happen on the way, in their order."
      />
      <Loaded query={query} what="the clock">
        {(clock) => <ClockFace clock={clock} />}
      </Loaded>
    </>
  );
}

function ClockFace({ clock }: { readonly clock: Clock }) {
  const { client } = useApi();
  const now = useServerNow();
  const move = useAct<Move, Clock>({
    run: (order) => moveClock(client, order),
    done: ({ now: stands }) => `It is ${dateAndTime(Date.parse(stands))} now. All that was due before has been done.`,
    // Everything that is shown is of another time now.
    areas: ["clock", "deliveries", "channels", "stats", "inbox", "changes", "lifecycle", "tokens"],
    andThen: ({ now: stands }) => learnServerTime(stands),
  });
  const [next] = clock.next_due;
  return (
    <Stack>
      <Card title="Now">
        <p className={css["now"]} title={absoluteTime(now)}>
          {dateAndTime(now)}
        </p>
        <Facts
          facts={[
            ["In UTC", <span className="wp-number">{new Date(now).toISOString().replace(/\.\d+Z$/, "Z")}</span>],
            ["Ahead of real time", clock.offset_ms === 0 ? "not at all" : roughLength(clock.offset_ms)],
          ]}
        />
      </Card>
      <Columns>
        <Card title="Move it forwards">
          <Row>
            {jumps.map((advance) => (
              <Button key={advance} variant="default" size="xs" disabled={move.isPending} onClick={() => move.mutate({ advance })}>
                + {advance}
              </Button>
            ))}
          </Row>
          <MoveTo isBusy={move.isPending} now={now} onMove={move.mutate} />
          {move.isPending ? <p role="status">The clock goes from due instant to due instant …</p> : null}
        </Card>
        <Card title="What is due next">
          {next === undefined ? (
            <p className="wp-faint">Nothing waits for an instant to come.</p>
          ) : (
            <>
              <ol className={css["due"]}>
                {clock.next_due.map((at, index) => (
                  <li key={`${at}.${index}`}>
                    <FullTime at={at} />
                  </li>
                ))}
              </ol>
              <Row>
                <Button size="xs" disabled={move.isPending} onClick={() => move.mutate({ now: next })}>
                  On to the next
                </Button>
              </Row>
            </>
          )}
        </Card>
      </Columns>
    </Stack>
  );
}

type MoveToProps = { readonly now: number; readonly isBusy: boolean; readonly onMove: (move: Move) => void };

function MoveTo({ now, isBusy, onMove }: MoveToProps) {
  const [input, setInput] = useState("");
  const instant = instantOfInput(input);
  const aheadMs = instant === "" ? 0 : Date.parse(instant) - now;
  return (
    <Stack isTight>
      <TextInput
        type="datetime-local"
        label="Or to an instant"
        description="In your browser's zone."
        value={input}
        min={inputOfInstant(new Date(now).toISOString())}
        error={instant !== "" && aheadMs < 0 ? "The clock goes forwards only." : null}
        onChange={(event) => setInput(event.currentTarget.value)}
      />
      {instant === "" || aheadMs < 0 ? null : (
        <Row>
          {aheadMs > longMove ? (
            <ConfirmButton
              label={`Move it by ${roughLength(aheadMs)}`}
              title="Move the clock?"
              action="Move it"
              isBusy={isBusy}
              onConfirm={() => onMove({ now: instant })}
            >
              It goes {roughLength(aheadMs)} forwards and cannot be turned back. What falls due on the way happens: retries are made,
              channels and access tokens end.
            </ConfirmButton>
          ) : (
            <Button size="xs" loading={isBusy} onClick={() => onMove({ now: instant })}>
              Move it
            </Button>
          )}
        </Row>
      )}
    </Stack>
  );
}
