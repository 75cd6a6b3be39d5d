/** An act that changes something: says what came of it, and makes what it changed ask anew. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { adviceFor, messageOf } from "../api/api-error.ts";
import { showToast } from "./toasts.ts";

export type Act<Input, Result> = {
  readonly run: (input: Input) => Promise<Result>;
  /** What to say when it is done; null says nothing. */
  readonly done: (result: Result, input: Input) => string | null;
  /** Areas (the first word of a key) to ask anew. */
  readonly areas: readonly string[];
  readonly andThen?: (result: Result, input: Input) => void;
};

export function useAct<Input, Result>(act: Act<Input, Result>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act.run,
    onSuccess: (result, input) => {
      for (const area of act.areas) void queries.invalidateQueries({ queryKey: [area] });
      const text = act.done(result, input);
      if (text !== null) showToast({ kind: "ok", text });
      act.andThen?.(result, input);
    },
    onError: (error) => showToast({ kind: "bad", text: `${messageOf(error)} ${adviceFor(error)}` }),
  });
}
