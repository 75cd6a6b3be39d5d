/** Which channels an operator should look at; a census counts them, and does not say which. */
export type ExpiringChannel = {
  readonly channelKey: number;
  readonly channelId: string;
  readonly zgid: string;
  readonly expiresAt: number;
};

export type Overview = {
  /** Active channels to which the last attempt failed, counted up to `limits.failingCountedMax`. */
  readonly failing: number;
  /** Active channels that expire within `limits.expiringSoonMs`, the soonest first, at most `limits.expiringShownMax`. */
  readonly expiring: readonly ExpiringChannel[];
};
