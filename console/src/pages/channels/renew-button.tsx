import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Channel } from "../../api/channels.ts";
import { renewChannel } from "../../api/channels.ts";
import { useApi } from "../../data/api-context.ts";
import { useServerNow } from "../../data/server-clock.ts";
import { useAct } from "../../data/use-act.ts";
import { dateAndTime, inputOfInstant, instantOfInput } from "../../format/instant.ts";
import { Dialog } from "../../parts/confirm.tsx";
import { Row } from "../../parts/layout.tsx";

const dayMs = 86_400_000;
const presets = [
  { label: "1 day", ms: dayMs },
  { label: "1 week", ms: 7 * dayMs },
  { label: "30 days", ms: 30 * dayMs },
] as const;

/** Moves a channel's expiry. */
export function RenewButton({ channel }: { readonly channel: Channel }) {
  const { client } = useApi();
  const now = useServerNow();
  const [until, setUntil] = useState<string | null>(null);
  const renew = useAct<string, Channel>({
    run: (instant) => renewChannel(client, channel.key, instant),
    done: ({ expires_at }) => `Renewed until ${dateAndTime(Date.parse(expires_at))}.`,
    areas: ["channels", "stats"],
    andThen: () => setUntil(null),
  });
  const inputAt = (ms: number): string => inputOfInstant(new Date(now + ms).toISOString());
  const instant = instantOfInput(until ?? "");
  return (
    <>
      <Button variant="default" size="xs" onClick={() => setUntil(inputAt(7 * dayMs))}>
        Renew
      </Button>
      <Dialog title="Renew this channel" isOpen={until !== null} onClose={() => setUntil(null)}>
        <Row>
          {presets.map(({ label, ms }) => (
            <Button key={label} variant="default" size="xs" onClick={() => setUntil(inputAt(ms))}>
              {label}
            </Button>
          ))}
        </Row>
        <TextInput
          type="datetime-local"
          label="It ends at"
          description="In your browser's zone; at most 366 days ahead. A client's own renewal may set another end."
          value={until ?? ""}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
        <Row>
          <Button disabled={instant === ""} loading={renew.isPending} onClick={() => renew.mutate(instant)}>
            Renew
          </Button>
        </Row>
      </Dialog>
    </>
  );
}
