/** Sends many deliveries again: first how many they would be, then, when that is right, the start. */
import { Button, NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Replay, ReplayOrder } from "../api/replays.ts";
import { countReplay, startReplay } from "../api/replays.ts";
import { useApi } from "../data/api-context.ts";
import { useAct } from "../data/use-act.ts";
import { navigate } from "../routing/navigation.ts";
import { Dialog } from "./confirm.tsx";
import { Facts, Row } from "./layout.tsx";
import { Loaded } from "./states.tsx";

const rates = ["10", "100", "1000", "10000"];

/** `order` null: closed. */
export function ReplayDialog({ order, onClose }: { readonly order: ReplayOrder | null; readonly onClose: () => void }) {
  return (
    <Dialog
      title={order?.what === "missed" ? "Replay what the channel missed" : "Replay these deliveries"}
      isOpen={order !== null}
      onClose={onClose}
    >
      {order === null ? null : <ReplayForm order={order} onClose={onClose} />}
    </Dialog>
  );
}

function ReplayForm({ order, onClose }: { readonly order: ReplayOrder; readonly onClose: () => void }) {
  const { client } = useApi();
  const [rate, setRate] = useState("100");
  const count = useQuery({ queryKey: ["replays", "count", order], queryFn: () => countReplay(client, order), staleTime: 0, gcTime: 0 });
  const start = useAct<void, Replay>({
    run: () => startReplay(client, { ...order, rate_per_second: Number(rate) }),
    done: () => "The replay runs. It can be followed, and cancelled, on the page of deliveries.",
    areas: ["replays", "deliveries"],
    andThen: () => {
      onClose();
      navigate("/deliveries");
    },
  });
  return (
    <>
      <Facts facts={selectionOf(order)} />
      <Loaded query={count} what="how many they are">
        {(deliveries) => (
          <>
            <p role="status">
              {deliveries === 0
                ? "There is nothing to replay."
                : `${deliveries.toLocaleString("en")} ${deliveries === 1 ? "delivery" : "deliveries"} would be sent.`}
            </p>
            <NativeSelect
              label="How fast, at most"
              description="A slow receiver is spared by a low rate."
              data={rates.map((value) => ({ value, label: `${Number(value).toLocaleString("en")} a second` }))}
              value={rate}
              onChange={(event) => setRate(event.currentTarget.value)}
            />
            <Row>
              <Button disabled={deliveries === 0} loading={start.isPending} onClick={() => start.mutate()}>
                {deliveries === 0 ? "Send" : `Send ${deliveries.toLocaleString("en")}`}
              </Button>
              <Button variant="default" onClick={onClose}>
                Leave it
              </Button>
            </Row>
          </>
        )}
      </Loaded>
    </>
  );
}

/** What was asked for, in words. */
function selectionOf(order: ReplayOrder) {
  const named = {
    "Channel key": order.channel_key,
    Channel: order.channel,
    Module: order.module,
    Record: order.record,
    Status: order.status,
    From: order.from,
    Until: order.until,
    Org: order.org,
  };
  const given = Object.entries(named).flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [[name, String(value)] as const],
  );
  return given.length === 0 ? [["Which", "every delivery that is kept"] as const] : given;
}
