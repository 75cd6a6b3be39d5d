/** The one sentence, and what it rests on. */
import type { Stats } from "../../api/server-state.ts";
import type { Tone } from "../../parts/badge.tsx";
import { Badge } from "../../parts/badge.tsx";
import css from "./home.module.css";

const tones: Record<Stats["health"]["status"], Tone> = { ok: "ok", degraded: "warn", down: "bad" };
const words: Record<Stats["health"]["status"], string> = { ok: "healthy", degraded: "needs a look", down: "down" };

export function HealthLine({ health }: { readonly health: Stats["health"] }) {
  // One cause is the sentence itself; it is not said twice.
  const causes = health.causes.map(causeText).filter((cause) => `${cause}.` !== health.sentence);
  return (
    <section className={css["health"]} aria-label="Health" data-tone={tones[health.status]}>
      <Badge tone={tones[health.status]}>{words[health.status]}</Badge>
      <p className={css["sentence"]} role="status">
        {health.sentence}
      </p>
      {causes.length === 0 ? null : (
        <ul className={css["causes"]}>
          {causes.map((cause) => (
            <li key={cause}>{cause}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** A cause is a text, or an object that says which part is concerned and since when. */
function causeText(cause: unknown): string {
  if (typeof cause !== "object" || cause === null) return String(cause);
  return Object.values(cause)
    .filter((value) => typeof value === "string" || typeof value === "number")
    .map((value) => String(value).replaceAll("_", " "))
    .join(", ");
}
