/** Replays under way with their progress, and those that ended in the last hour. */
import { Progress } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Replay } from "../../api/replays.ts";
import { cancelReplay, isUnderWay, listReplays } from "../../api/replays.ts";
import { useApi } from "../../data/api-context.ts";
import { keys } from "../../data/keys.ts";
import { useServerNow } from "../../data/server-clock.ts";
import { useAct } from "../../data/use-act.ts";
import { Badge, type Tone } from "../../parts/badge.tsx";
import { ConfirmButton } from "../../parts/confirm.tsx";
import { Card, Row, Stack } from "../../parts/layout.tsx";
import { Time } from "../../parts/time.tsx";

const followMs = 1_000;
const shownForMs = 3_600_000;
const shownMax = 5;

export function ReplayList() {
  const { client } = useApi();
  const now = useServerNow();
  const query = useQuery({
    queryKey: keys.replays,
    queryFn: () => listReplays(client),
    refetchInterval: (asked) => (asked.state.data?.rows.some(isUnderWay) === true ? followMs : false),
  });
  const shown = (query.data?.rows ?? [])
    .filter((replay) => isUnderWay(replay) || now - Date.parse(replay.finished_at ?? replay.created_at) < shownForMs)
    .slice(0, shownMax);
  if (shown.length === 0) return null;
  return (
    <Card title="Replays">
      {shown.map((replay) => (
        <ReplayRow key={replay.id} replay={replay} />
      ))}
    </Card>
  );
}

const tones: Record<Replay["state"], Tone> = { counting: "busy", running: "busy", done: "ok", cancelled: "idle" };

function ReplayRow({ replay }: { readonly replay: Replay }) {
  const { client } = useApi();
  const cancel = useAct({
    run: () => cancelReplay(client, replay.id),
    done: ({ sent }) => `Cancelled after ${sent.toLocaleString("en")}.`,
    areas: ["replays", "deliveries"],
  });
  const { total, sent } = replay;
  const share = total === null ? 0 : total === 0 ? 100 : (sent / total) * 100;
  return (
    <Stack isTight>
      <Row isSpread>
        <Row>
          <Badge tone={tones[replay.state]}>{replay.state}</Badge>
          <span>
            {nameOf(replay)}: {sent.toLocaleString("en")} of {total === null ? "…" : total.toLocaleString("en")}
          </span>
          <span className="wp-faint">
            <Time at={replay.finished_at ?? replay.created_at} />
          </span>
        </Row>
        {isUnderWay(replay) ? (
          <ConfirmButton
            label="Cancel"
            title="Cancel this replay?"
            action="Cancel it"
            isDangerous
            size="compact-xs"
            isBusy={cancel.isPending}
            onConfirm={() => cancel.mutate(undefined)}
          >
            What was sent stays sent; the rest is not. The same replay can be started anew, and then sends all of them.
          </ConfirmButton>
        ) : null}
      </Row>
      {isUnderWay(replay) ? (
        <Progress value={share} aria-label={`${nameOf(replay)}: ${Math.round(share)} %`} animated={total === null} />
      ) : null}
    </Stack>
  );
}

function nameOf(replay: Replay): string {
  const about = [
    replay.status,
    replay.module,
    replay.record === null ? null : `record ${replay.record}`,
    replay.channel_id === null ? null : `channel ${replay.channel_id}`,
  ].filter((part) => part !== null);
  const what = replay.what === "missed" ? "Missed changes" : "Deliveries";
  return `#${replay.id} ${what}${about.length === 0 ? "" : ` (${about.join(", ")})`}`;
}
