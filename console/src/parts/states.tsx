/** What stands in the place of data: while it is on its way, when there is none, and when it could not be had. */
import { Button, Skeleton, VisuallyHidden } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { adviceFor, messageOf } from "../api/api-error.ts";
import { Stack } from "./layout.tsx";
import css from "./states.module.css";

export function Loading({ what, rows = 6 }: { readonly what: string; readonly rows?: number }) {
  return (
    <div aria-busy="true">
      <VisuallyHidden role="status">Loading {what}</VisuallyHidden>
      <Stack isTight>
        {Array.from({ length: rows }, (_, index) => (
          <Skeleton key={index} height={index === 0 ? 28 : 36} radius="md" />
        ))}
      </Stack>
    </div>
  );
}

/** Nothing is there: says so, and what to do next. */
export function Empty({ title, children, action }: { readonly title: string; readonly children: ReactNode; readonly action?: ReactNode }) {
  return (
    <div className={css["empty"]}>
      <h2>{title}</h2>
      <p>{children}</p>
      {action}
    </div>
  );
}

export function Failed({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) {
  return (
    <div className={css["error"]} role="alert">
      <strong>{messageOf(error)}</strong>
      <p>{adviceFor(error)}</p>
      {retry === undefined ? null : (
        <Button variant="default" size="xs" onClick={retry}>
          Try again
        </Button>
      )}
    </div>
  );
}

export type LoadedProps<Data> = {
  readonly query: UseQueryResult<Data>;
  readonly what: string;
  readonly children: (data: Data) => ReactNode;
};

/** Shows the data, or what stands in its place. Data that is there stays while a later look at it fails, with the error above it. */
export function Loaded<Data>({ query, what, children }: LoadedProps<Data>) {
  const retry = (): void => void query.refetch();
  if (query.data === undefined) return query.isError ? <Failed error={query.error} retry={retry} /> : <Loading what={what} />;
  return (
    <Stack>
      {query.isError ? <Failed error={query.error} retry={retry} /> : null}
      {children(query.data)}
    </Stack>
  );
}
