import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { signOut } from "../api/access.ts";
import { useApi } from "../data/api-context.ts";
import { keys } from "../data/keys.ts";
import { useAct } from "../data/use-act.ts";

/** Ends the session here and on the server. */
export function SignOutButton() {
  const { client, session } = useApi();
  const queries = useQueryClient();
  const out = useAct<void, void>({
    run: () => signOut(client),
    done: () => null,
    areas: [],
    andThen: () => void queries.invalidateQueries({ queryKey: keys.session }),
  });
  return (
    <>
      <Button variant="default" size="xs" loading={out.isPending} onClick={() => out.mutate()}>
        Sign out
      </Button>
      <span className="wp-faint">
        Watchpost {session.version}
        {session.is_dev ? " · dev" : ""}
      </span>
    </>
  );
}
