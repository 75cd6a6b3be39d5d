import type { DeliveryDetail } from "../../api/deliveries.ts";
import { replayDelivery, skipDelivery } from "../../api/deliveries.ts";
import { useApi } from "../../data/api-context.ts";
import { useAct } from "../../data/use-act.ts";
import { curlOf } from "../../format/curl.ts";
import { ConfirmButton } from "../../parts/confirm.tsx";
import { CopyButton } from "../../parts/copy-button.tsx";
import { navigate } from "../../routing/navigation.ts";

/** Send it again, give it up, or repeat it by hand. */
export function DeliveryActions({ delivery }: { readonly delivery: DeliveryDetail }) {
  const { client } = useApi();
  const isOpen = delivery.status === "waiting" || delivery.status === "pending" || delivery.status === "claimed";
  const replay = useAct({
    run: () => replayDelivery(client, delivery.id),
    done: ({ id }) => `On its way again, as #${id}.`,
    areas: ["deliveries", "stats"],
    andThen: ({ id }) => navigate(`/deliveries/${id}`),
  });
  const skip = useAct({
    run: () => skipDelivery(client, delivery.id),
    done: () => "Given up. What waited behind it goes out.",
    areas: ["deliveries", "stats"],
  });
  return (
    <>
      <CopyButton isSmall={false} text={curlOf(delivery.request)}>
        Copy as curl
      </CopyButton>
      {isOpen ? (
        <ConfirmButton
          label="Skip"
          title="Skip this delivery?"
          action="Skip it"
          isDangerous
          isBusy={skip.isPending}
          onConfirm={() => skip.mutate(undefined)}
        >
          It is not attempted any more, and its receiver does not hear of this change. What waited behind it goes out. A skipped delivery
          can be replayed.
        </ConfirmButton>
      ) : (
        <ConfirmButton
          label="Replay"
          title="Send it again?"
          action="Send it again"
          isBusy={replay.isPending}
          onConfirm={() => replay.mutate(undefined)}
        >
          A new delivery with the same content goes to the channel&apos;s target as it is now. A receiver that remembers webhook-ids sees a
          new one.
        </ConfirmButton>
      )}
    </>
  );
}
