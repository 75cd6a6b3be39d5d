/** Attempts over real connections, to where the guard lets them. */
import type { TargetGuard } from "../../src/app/target-guard.ts";
import type { Clock } from "../../src/core/clock.ts";
import { limits } from "../../src/core/limits.ts";
import type { AttemptContext } from "../../src/dispatch/attempt.ts";
import { type Lookup, createConnector } from "../../src/dispatch/connect.ts";
import { Deadlines } from "../../src/dispatch/deadlines.ts";
import { OriginPools } from "../../src/dispatch/origin-pools.ts";
import { Signer } from "../../src/dispatch/signature.ts";
import { Targets } from "../../src/dispatch/targets.ts";

type Means = { readonly clock: Clock; readonly guard: TargetGuard; readonly lookup?: Lookup | undefined };

export type OpenedAttempts = AsyncDisposable & { readonly context: AttemptContext };

/** What attempts are made with; its end breaks off what still runs. */
export function openAttempts({ clock, guard, lookup }: Means): OpenedAttempts {
  const pools = new OriginPools(createConnector({ guard, limits, lookup }), limits);
  const deadlines = new Deadlines(clock);
  return {
    context: {
      clock,
      targets: new Targets(guard, 10),
      signer: new Signer(10),
      pools,
      deadlines,
      mayBegin: () => true,
      limits,
      baseUrl: "http://crm.example",
      version: "1.2.3",
    },
    [Symbol.asyncDispose]: async () => {
      deadlines.stop();
      await pools.destroy();
    },
  };
}
