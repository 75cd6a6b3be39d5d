/** The way in: the admin token, once; from then on a cookie that no script can read. */
import { Button, PasswordInput, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useState } from "react";
import type { Session } from "../../api/access.ts";
import { signIn } from "../../api/access.ts";
import { ApiError, messageOf } from "../../api/api-error.ts";
import type { Client } from "../../api/client.ts";
import { keys } from "../../data/keys.ts";
import { Stack } from "../../parts/layout.tsx";
import { usePageTitle } from "../../routing/page-title.ts";
import css from "./sign-in.module.css";

export function SignInPage({ client, session }: { readonly client: Client; readonly session: Session }) {
  const queries = useQueryClient();
  const [token, setToken] = useState("");
  usePageTitle("Sign in");
  const entering = useMutation({
    mutationFn: () => signIn(client, token.trim()),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.session }),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (token.trim() !== "") entering.mutate();
  };
  return (
    <main className={css["page"]}>
      <div className={css["card"]}>
        <form onSubmit={submit}>
          <Stack>
            <div>
              <Title order={1} className={css["title"] ?? ""}>
                Sign in to Watchpost
              </Title>
              <p className="wp-faint">
                {session.is_dev
                  ? "The admin token is in the terminal where watchpost dev runs; it was printed at the start."
                  : "The admin token is the one given with --admin-token or WATCHPOST_ADMIN_TOKEN; without, the server printed one at its start."}
              </p>
            </div>
            <PasswordInput
              label="Admin token"
              value={token}
              onChange={(event) => setToken(event.currentTarget.value)}
              autoComplete="current-password"
              autoFocus
              required
              error={entering.isError ? refusalText(entering.error) : null}
              visibilityToggleButtonProps={{ "aria-label": "Show or hide the token", tabIndex: 0 }}
            />
            <Button type="submit" loading={entering.isPending}>
              Sign in
            </Button>
          </Stack>
        </form>
      </div>
    </main>
  );
}

function refusalText(error: unknown): string {
  const isWrong = error instanceof ApiError && (error.fault.status === 401 || error.fault.status === 403);
  return isWrong ? "This is not the admin token. Copy it again, whole, from where the server was started." : messageOf(error);
}
