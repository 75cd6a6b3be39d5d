import type { DeliveryDetail } from "../../api/deliveries.ts";
import { BodyBlock, CodeBlock } from "../../parts/code-block.tsx";
import { HeaderList } from "../../parts/header-list.tsx";
import { Card, Columns } from "../../parts/layout.tsx";
import { curlOf } from "../../format/curl.ts";

/** The POST itself. */
export function RequestSent({ delivery }: { readonly delivery: DeliveryDetail }) {
  const { request } = delivery;
  return (
    <Card title="The request">
      <p>
        <strong>POST</strong> <span className="wp-mono">{request.url}</span>
      </p>
      <Columns>
        <BodyBlock label="Body" body={request.body} />
        <HeaderList headers={request.headers} />
      </Columns>
      <p className="wp-faint">
        Each attempt is signed anew, in webhook-timestamp and webhook-signature. These are not kept, so a receiver that checks them refuses
        the command below; a replay is signed.
      </p>
      <CodeBlock label="As curl" text={curlOf(request)} />
    </Card>
  );
}
