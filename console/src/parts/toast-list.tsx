/** The notes about what was just done, read out as they come. */
import { CloseButton } from "@mantine/core";
import { closeToast, useToasts } from "../data/toasts.ts";
import css from "./toast-list.module.css";

export function ToastList() {
  const toasts = useToasts();
  return (
    <div className={css["list"]} role="status" aria-live="polite">
      {toasts.map(({ id, kind, text }) => (
        <div key={id} className={`${css["toast"]} ${css[kind]}`}>
          <span>{text}</span>
          <CloseButton size="sm" aria-label="Close this note" onClick={() => closeToast(id)} />
        </div>
      ))}
    </div>
  );
}
