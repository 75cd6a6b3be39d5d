/** What came to the receiver that is built into `dev`, with signature and token checked. */
import { useQuery } from "@tanstack/react-query";
import type { Inbox, InboxMessage } from "../../api/server-state.ts";
import { clearInbox, showInbox } from "../../api/server-state.ts";
import { useApi } from "../../data/api-context.ts";
import { keys } from "../../data/keys.ts";
import { useAct } from "../../data/use-act.ts";
import { ConfirmButton } from "../../parts/confirm.tsx";
import { CopyButton } from "../../parts/copy-button.tsx";
import { PageHeader, Row, Stack } from "../../parts/layout.tsx";
import { Empty, Loaded } from "../../parts/states.tsx";
import { SubscribeInbox } from "../../parts/subscribe-inbox.tsx";
import { Link } from "../../routing/link.tsx";
import { useQueryState } from "../../routing/navigation.ts";
import { queryCodec } from "../../routing/query-state.ts";
import { MessageDetail } from "./message-detail.tsx";
import { MessageList } from "./message-list.tsx";
import css from "./inbox.module.css";

const codec = queryCodec({ message: "" });
/** The inbox is outside the engine: no event of the stream says that it has something, only that an attempt was made. */
const pollMs = 2_000;

export function InboxPage() {
  const { client } = useApi();
  const query = useQuery({ queryKey: keys.inbox, queryFn: () => showInbox(client), refetchInterval: pollMs });
  const clear = useAct({ run: () => clearInbox(client), done: () => "The inbox is empty.", areas: ["inbox"] });
  return (
    <>
      <PageHeader
        title="Inbox"
        lead={
          <>
            A receiver that is built in: whatever is POSTed to its address shows here. It answers 200; with <code>?status=500</code> behind
            the address it answers that.
          </>
        }
        actions={
          <ConfirmButton
            label="Empty it"
            title="Empty the inbox?"
            action="Empty it"
            isDangerous
            isBusy={clear.isPending}
            onConfirm={() => clear.mutate(undefined)}
          >
            The messages are removed from this list. The delivery log keeps what was sent.
          </ConfirmButton>
        }
      />
      <Loaded query={query} what="the inbox">
        {(inbox) => <Messages inbox={inbox} />}
      </Loaded>
    </>
  );
}

function Messages({ inbox }: { readonly inbox: Inbox }) {
  const { state } = useQueryState(codec);
  const shown = inbox.messages.find(({ id }) => String(id) === state.message) ?? inbox.messages[0];
  return (
    <Stack>
      <Row>
        <span>Its address:</span> <span className="wp-mono">{inbox.url}</span> <CopyButton text={inbox.url}>Copy</CopyButton>
      </Row>
      {shown === undefined ? (
        <Empty
          title="Nothing has come yet"
          action={
            <Row>
              <SubscribeInbox /> <Link to="/records?module=Deals">Change a record</Link>
            </Row>
          }
        >
          Subscribe the inbox to the sample modules, then change a record: the notification is here within a second. Or give its address as
          notify_url in your own request.
        </Empty>
      ) : (
        <TwoPanes messages={inbox.messages} shown={shown} />
      )}
    </Stack>
  );
}

function TwoPanes({ messages, shown }: { readonly messages: readonly InboxMessage[]; readonly shown: InboxMessage }) {
  return (
    <div className={css["panes"]}>
      <MessageList messages={messages} shownId={shown.id} placeOf={(id) => `/inbox${codec.write("", { message: id })}`} />
      <MessageDetail message={shown} />
    </div>
  );
}
