/**
 * The engine as the requests of an access token ask it. What is kept of a token (`authentication.ts`) may be out of date where other processes end
 * tokens too; then the command is not run, and whoever asks shows anew who they are, and goes on or does not. So a token that was ended anywhere is
 * good nowhere, and no request asks the store more than once for that.
 */
import type { CommandName, Engine, Input, Output } from "../app/commands.ts";
import type { Authenticator, Session } from "./authentication.ts";

/** The token has ended since the request began. */
export class TokenEnded extends Error {
  override readonly name = "TokenEnded";
}

export type CallerEngineParts = {
  readonly engine: Pick<Engine, "run">;
  readonly authenticator: Authenticator;
  readonly authorization: string | undefined;
  readonly session: Session;
};

/** Its `run` rejects with TokenEnded where the token is no more. */
export function callerEngine({ engine, authenticator, authorization, session }: CallerEngineParts): Pick<Engine, "run"> {
  if (session.principal.accessEpoch === null) return engine;
  let current = session;

  async function run<N extends CommandName>(name: N, input: Input<N>): Promise<Output<N>> {
    try {
      return await engine.run(name, dated(input, current));
    } catch (error) {
      if (!isOutdated(error)) throw error;
      const renewed = await authenticator.renew(authorization, current);
      if (!renewed.ok) throw new TokenEnded("the access token has ended", { cause: error });
      current = renewed.value;
      return engine.run(name, dated(input, current));
    }
  }

  return { run };
}

/** The input with the epoch at which it was read who the caller is. */
function dated<I>(input: I, { principal: { accessEpoch } }: Session): I {
  if (typeof input !== "object" || input === null || !("caller" in input)) return input;
  const { caller } = input;
  return typeof caller === "object" ? { ...input, caller: { ...caller, accessEpoch } } : input;
}

function isOutdated(error: unknown): boolean {
  return error instanceof Error && "isCallerOutdated" in error && error.isCallerOutdated === true;
}
