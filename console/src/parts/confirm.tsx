/** Asks before something that cannot be taken back, and names what will happen. */
import { Button, Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { useState } from "react";
import { Row, Stack } from "./layout.tsx";

export type ConfirmButtonProps = {
  /** On the button that asks. */
  readonly label: string;
  readonly title: string;
  /** What will happen. */
  readonly children: ReactNode;
  /** On the button that does it. */
  readonly action: string;
  readonly isDangerous?: boolean;
  readonly isBusy?: boolean;
  readonly size?: "xs" | "compact-xs";
  readonly onConfirm: () => void;
};

export function ConfirmButton(props: ConfirmButtonProps) {
  const { label, title, children, action, isDangerous = false, isBusy = false, size = "xs", onConfirm } = props;
  const [isOpen, setOpen] = useState(false);
  const confirm = (): void => {
    setOpen(false);
    onConfirm();
  };
  return (
    <>
      <Button
        variant={isDangerous ? "light" : "default"}
        {...(isDangerous ? { color: "red" } : {})}
        size={size}
        loading={isBusy}
        onClick={() => setOpen(true)}
      >
        {label}
      </Button>
      <Dialog title={title} isOpen={isOpen} onClose={() => setOpen(false)}>
        <div>{children}</div>
        <Row>
          <Button onClick={confirm} {...(isDangerous ? { color: "red" } : {})} data-autofocus>
            {action}
          </Button>
          <Button variant="default" onClick={() => setOpen(false)}>
            Leave it
          </Button>
        </Row>
      </Dialog>
    </>
  );
}

export type DialogProps = { readonly title: string; readonly isOpen: boolean; readonly onClose: () => void; readonly children: ReactNode };

/** A dialog with its name, which holds the focus and gives it back. */
export function Dialog({ title, isOpen, onClose, children }: DialogProps) {
  return (
    <Modal opened={isOpen} onClose={onClose} title={<strong>{title}</strong>} size="lg" closeButtonProps={{ "aria-label": "Close" }}>
      <Stack>{children}</Stack>
    </Modal>
  );
}
