import { Button, NativeSelect } from "@mantine/core";
import { useState } from "react";
import type { Channel } from "../../api/channels.ts";
import { rotateSecret } from "../../api/channels.ts";
import { useApi } from "../../data/api-context.ts";
import { useAct } from "../../data/use-act.ts";
import { Dialog } from "../../parts/confirm.tsx";
import { Row } from "../../parts/layout.tsx";
import { SecretDialog } from "../../parts/secret-dialog.tsx";

const overlaps = [
  { value: "24h", label: "24 hours" },
  { value: "1h", label: "1 hour" },
  { value: "7d", label: "7 days" },
  { value: "0s", label: "not at all: the old one has leaked" },
];

/** Gives a channel another signing secret. */
export function RotateButton({ channel }: { readonly channel: Channel }) {
  const { client } = useApi();
  const [isOpen, setOpen] = useState(false);
  const [overlap, setOverlap] = useState("24h");
  const [secret, setSecret] = useState<string | null>(null);
  const rotate = useAct({
    run: () => rotateSecret(client, channel.key, overlap),
    done: () => null,
    areas: ["channels"],
    andThen: (rotated) => {
      setOpen(false);
      setSecret(rotated.secret);
    },
  });
  return (
    <>
      <Button variant="light" color="red" size="xs" onClick={() => setOpen(true)}>
        Rotate secret
      </Button>
      <Dialog title="Give it another signing secret?" isOpen={isOpen} onClose={() => setOpen(false)}>
        <p className="wp-faint">
          A new secret is made and shown once. The old one signs along for as long as you say; after that, a receiver that still checks with
          the old one refuses what comes.
        </p>
        <NativeSelect
          label="The old secret signs along for"
          data={overlaps}
          value={overlap}
          onChange={(event) => setOverlap(event.currentTarget.value)}
        />
        <Row>
          <Button color="red" loading={rotate.isPending} onClick={() => rotate.mutate(undefined)}>
            Rotate it
          </Button>
          <Button variant="default" onClick={() => setOpen(false)}>
            Leave it
          </Button>
        </Row>
      </Dialog>
      <SecretDialog title="The new signing secret" secrets={secret === null ? null : { Secret: secret }} onClose={() => setSecret(null)} />
    </>
  );
}
