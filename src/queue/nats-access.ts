/** How to reach the servers and who asks. All of it but the replicas is secret. */
export type NatsAccess = {
  readonly url: string;
  readonly replicas: number;
  /** What a file of credentials holds; null: none. */
  readonly creds: string | null;
  /** PEM; null each: none. */
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: string | null;
};
