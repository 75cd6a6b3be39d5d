/** What an operator can do with a channel. What cannot be taken back asks first. */
import { Button } from "@mantine/core";
import { useState } from "react";
import type { Channel, Missed } from "../../api/channels.ts";
import { pauseChannel, resumeChannel, revealSecret, testChannel } from "../../api/channels.ts";
import type { ReplayOrder } from "../../api/replays.ts";
import { useApi } from "../../data/api-context.ts";
import { useAct } from "../../data/use-act.ts";
import { ConfirmButton } from "../../parts/confirm.tsx";
import { Row } from "../../parts/layout.tsx";
import { ReplayDialog } from "../../parts/replay-dialog.tsx";
import { SecretDialog } from "../../parts/secret-dialog.tsx";
import { navigate } from "../../routing/navigation.ts";
import { RenewButton } from "./renew-button.tsx";
import { RotateButton } from "./rotate-button.tsx";

export function ChannelActions({ channel }: { readonly channel: Channel }) {
  const { client } = useApi();
  const [order, setOrder] = useState<ReplayOrder | null>(null);
  const test = useAct({
    run: () => testChannel(client, channel.key),
    done: () => "A test is on its way.",
    areas: ["deliveries"],
    andThen: ({ id }) => navigate(`/deliveries/${id}`),
  });
  return (
    <Row>
      <Button size="xs" loading={test.isPending} onClick={() => test.mutate(undefined)}>
        Send a test
      </Button>
      {channel.state === "active" ? (
        <PauseButton channel={channel} />
      ) : (
        <ResumeButton channel={channel} onMissed={(missed) => setOrder(missed.replay)} />
      )}
      <RenewButton channel={channel} />
      <Button variant="default" size="xs" onClick={() => setOrder({ what: "missed", channel_key: channel.key })}>
        Replay what it missed
      </Button>
      {channel.is_secret_shown ? null : <RevealButton channel={channel} />}
      <RotateButton channel={channel} />
      <ReplayDialog order={order} onClose={() => setOrder(null)} />
    </Row>
  );
}

function PauseButton({ channel }: { readonly channel: Channel }) {
  const { client } = useApi();
  const pause = useAct({
    run: () => pauseChannel(client, channel.key),
    done: () => "Paused. Nothing is sent or owed to it now.",
    areas: ["channels", "stats"],
  });
  return (
    <ConfirmButton
      label="Pause"
      title="Pause this channel?"
      action="Pause it"
      isBusy={pause.isPending}
      onConfirm={() => pause.mutate(undefined)}
    >
      Nothing is sent to it until it is resumed, and what changes meanwhile is not owed to it. What was pending waits. After resuming you
      can replay what it missed.
    </ConfirmButton>
  );
}

function ResumeButton({ channel, onMissed }: { readonly channel: Channel; readonly onMissed: (missed: Missed) => void }) {
  const { client } = useApi();
  const resume = useAct({
    run: () => resumeChannel(client, channel.key),
    done: ({ missed }) => ((missed ?? null) === null ? "Resumed. It missed nothing." : "Resumed. It has missed changes meanwhile."),
    areas: ["channels", "stats", "deliveries"],
    andThen: ({ missed }) => {
      if (missed !== undefined && missed !== null) onMissed(missed);
    },
  });
  return (
    <Button size="xs" color="indigo" variant="light" loading={resume.isPending} onClick={() => resume.mutate(undefined)}>
      Resume
    </Button>
  );
}

function RevealButton({ channel }: { readonly channel: Channel }) {
  const { client } = useApi();
  const [secret, setSecret] = useState<string | null>(null);
  const reveal = useAct({ run: () => revealSecret(client, channel.key), done: () => null, areas: ["channels"], andThen: setSecret });
  return (
    <>
      <ConfirmButton
        label="Show its secret"
        title="Show the signing secret?"
        action="Show it, this once"
        isBusy={reveal.isPending}
        onConfirm={() => reveal.mutate(undefined)}
      >
        A receiver checks signatures with it. It is shown once and never again; whoever needs another one rotates it.
      </ConfirmButton>
      <SecretDialog
        title="The channel's signing secret"
        secrets={secret === null ? null : { Secret: secret }}
        onClose={() => setSecret(null)}
      />
    </>
  );
}
