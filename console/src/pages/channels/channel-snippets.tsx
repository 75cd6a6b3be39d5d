import type { Channel } from "../../api/channels.ts";
import { curlOfChannel, scriptOfChannel, sdkOfChannel } from "../../format/watch-snippets.ts";
import { CodeBlock } from "../../parts/code-block.tsx";
import { Card, Stack } from "../../parts/layout.tsx";

/** Ready to paste: the request that makes this channel. */
export function ChannelSnippets({ channel }: { readonly channel: Channel }) {
  const { origin } = globalThis.location;
  return (
    <Card title="Make this channel from your own code">
      <Stack>
        <p className="wp-faint">
          The same request makes it and renews it. The token, if it has one, is the client&apos;s secret; put it in the place that is
          marked.
        </p>
        <CodeBlock label="curl" text={curlOfChannel(channel, origin)} />
        <CodeBlock label="JavaScript" text={scriptOfChannel(channel, origin)} />
        <CodeBlock label="Official TypeScript SDK 8.0" text={sdkOfChannel(channel)} />
      </Stack>
    </Card>
  );
}
