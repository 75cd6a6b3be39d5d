/** Puts a text on the clipboard, and says that it did. */
import { Button, CopyButton as Copying } from "@mantine/core";

export type CopyButtonProps = { readonly text: string; readonly children: string; readonly isSmall?: boolean };

export function CopyButton({ text, children, isSmall = true }: CopyButtonProps) {
  return (
    <Copying value={text}>
      {({ copied, copy }) => (
        <Button variant="default" size={isSmall ? "compact-xs" : "xs"} onClick={copy} aria-live="polite">
          {copied ? "Copied" : children}
        </Button>
      )}
    </Copying>
  );
}
