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
      <CodeBlock label="As curl" text={curlOf(request)} />
    </Card>
  );
}
