/** What orgs are told of their channels, and where. */
import type { LifecycleEventView, LifecycleFilter } from "../../core/lifecycle.ts";
import type { Org } from "../../core/org.ts";
import type { Result } from "../../core/result.ts";

export type OrgView = Org & {
  /** null: the org is told nothing. */
  readonly lifecycleUrl: string | null;
  readonly users: number;
};

/** `not_a_url`: not one that can be POSTed to. `target_refused`: the target guard does not let it pass. */
export type LifecycleUrlError = "unknown" | "not_a_url" | "target_refused";

export type LifecycleCommands = {
  /**
   * One step of giving the notices that are due. Tells of every event behind `afterId`, whatever made it; null: of those of this step.
   * `isMore`: there is more to give or to tell at once; otherwise `nextNoticeAt` says when, null: no channel expires.
   */
  "lifecycle.notice": {
    input: { afterId: number | null; leader?: string | null };
    output: {
      readonly events: readonly LifecycleEventView[];
      /** Where the next step goes on. */
      readonly lastId: number;
      readonly nextNoticeAt: number | null;
      readonly isMore: boolean;
    };
  };
  /** The newest first. */
  "lifecycle.events": { input: LifecycleFilter; output: { readonly events: readonly LifecycleEventView[]; readonly hasMore: boolean } };
  /** The newest first, those before `beforeKey` (null: all). */
  "lifecycle.orgs": {
    input: { beforeKey: number | null; limit: number };
    output: { readonly orgs: readonly OrgView[]; readonly hasMore: boolean };
  };
  /** `url` null: from now on the org is told nothing, and what was still owed to it is cancelled. `secret`: null when it was shown before. */
  "lifecycle.setUrl": {
    input: { zgid: string; url: string | null };
    output: Result<{ readonly org: OrgView; readonly secret: string | null }, LifecycleUrlError>;
  };
};
