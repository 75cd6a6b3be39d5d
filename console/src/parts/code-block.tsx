/** Text as it is: always a text node, so whatever a record or a receiver put into it stays text. Scrolls inside itself. */
import { prettyBody } from "../format/pretty-body.ts";
import css from "./code-block.module.css";
import { CopyButton } from "./copy-button.tsx";

export type CodeBlockProps = { readonly label: string; readonly text: string };

export function CodeBlock({ label, text }: CodeBlockProps) {
  return (
    <div className={css["block"]}>
      <div className={css["bar"]}>
        <span>{label}</span>
        <CopyButton text={text}>Copy</CopyButton>
      </div>
      {/* A box that scrolls has to be reached by keyboard. */}
      <pre className={css["pre"]} tabIndex={0} role="region" aria-label={label}>
        {text}
      </pre>
    </div>
  );
}

/** The body of a request or an answer, indented when it is JSON. */
export function BodyBlock({ label, body }: { readonly label: string; readonly body: string | null }) {
  if (body === null || body === "") return <p className="wp-faint wp-small">{label}: empty</p>;
  const { text, isJson } = prettyBody(body);
  return <CodeBlock label={`${label}${isJson ? " (JSON)" : ""}`} text={text} />;
}
