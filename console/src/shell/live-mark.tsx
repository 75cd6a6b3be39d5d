/** Whether what is shown follows the server by itself. */
import { useApi } from "../data/api-context.ts";
import type { LiveState } from "../data/live-stream.ts";
import type { Tone } from "../parts/badge.tsx";
import { Badge } from "../parts/badge.tsx";

const words: Record<LiveState, { readonly tone: Tone; readonly text: string; readonly title: string }> = {
  connecting: { tone: "idle", text: "connecting", title: "The stream of events is being opened." },
  live: { tone: "ok", text: "live", title: "What happens on the server shows here at once." },
  polling: {
    tone: "warn",
    text: "every 5 s",
    title: "The stream of events is broken and is being opened again. Until then the server is asked every 5 seconds.",
  },
};

export function LiveMark() {
  const { tone, text, title } = words[useApi().live];
  return (
    <span title={title}>
      <Badge tone={tone}>{text}</Badge>
    </span>
  );
}
