/** Something that is shown once: to be copied now, for it is kept nowhere. */
import { Button } from "@mantine/core";
import { CodeBlock } from "./code-block.tsx";
import { Dialog } from "./confirm.tsx";
import { Row } from "./layout.tsx";

export type SecretDialogProps = {
  readonly title: string;
  /** By name; null: nothing to show. */
  readonly secrets: Readonly<Record<string, string>> | null;
  readonly onClose: () => void;
};

export function SecretDialog({ title, secrets, onClose }: SecretDialogProps) {
  return (
    <Dialog title={title} isOpen={secrets !== null} onClose={onClose}>
      <p className="wp-faint">Copy it now. It is shown this once.</p>
      {Object.entries(secrets ?? {}).map(([name, secret]) => (
        <CodeBlock key={name} label={name} text={secret} />
      ))}
      <Row>
        <Button onClick={onClose}>I have copied it</Button>
      </Row>
    </Dialog>
  );
}
