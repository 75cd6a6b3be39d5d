/** What every store must do with console sessions, the audit log, revoked clients and channels to look at: a part of the contract in `store.ts`. */
import assert from "node:assert/strict";
import type { ChannelRow } from "../../src/store/ports/channels.ts";
import { channelRow } from "../support/channel-row.ts";
import type { StoreCase } from "./store-credentials.ts";

export const accessCases: readonly StoreCase[] = [
  [
    "a console session is found until it is removed, and those used last push the others out",
    async (store) => {
      await store.transaction(async ({ sessions }) => {
        const session = (digest: string, usedAt: number) => ({ digest, tokenDigest: "t", createdAt: 1, usedAt });
        for (const [index, digest] of ["a", "b"].entries()) await sessions.insert(session(digest, index), 2);
        assert.deepEqual(await sessions.byDigest("a"), session("a", 0));
        await sessions.touch("a", 9);
        await sessions.insert(session("c", 5), 2);
        assert.deepEqual([(await sessions.byDigest("a"))?.usedAt, await sessions.byDigest("b")], [9, null]);
        await sessions.remove("a");
        assert.equal(await sessions.byDigest("a"), null);
      });
    },
  ],
  [
    "audit entries come newest first, in pages, and the oldest are removed",
    async (store) => {
      await store.transaction(async ({ audit }) => {
        const act = { actor: "token", method: "POST", path: "/api/v1/tokens", status: 201, summary: "Makes a token" } as const;
        for (const at of [10, 20, 30]) await audit.insert({ ...act, at });
        const [third, second] = await audit.page(null, 2);
        assert.deepEqual([third?.at, second?.at], [30, 20]);
        assert.deepEqual(second, { ...act, at: 20, id: second?.id });
        assert.deepEqual(
          (await audit.page(second?.id ?? 0, 2)).map(({ at }) => at),
          [10],
        );
        assert.equal(await audit.purge(25, 1), 1);
        assert.equal(await audit.purge(25, 10), 1);
        assert.equal(await audit.purge(25, 10), 0);
        assert.equal((await audit.page(null, 10)).length, 1);
      });
    },
  ],
  [
    "a client that is revoked loses its tokens and codes, and no other client does",
    async (store, org) => {
      await store.transaction(async ({ credentials }) => {
        const bare = { org, name: null, secretDigest: "d", userId: null, scopes: [], redirectUri: null, revokedAt: null };
        for (const clientId of ["a", "b"]) {
          await credentials.insertClient({ ...bare, clientId });
          const held = { org, number: 1, clientId, userId: "5", scopes: ["A.b"] };
          await credentials.insertRefreshToken({ ...held, digest: `refresh ${clientId}`, createdAt: 1 });
          const times = { issuedAt: 1, expiresAt: 9 };
          await credentials.insertAccessToken({ ...held, ...times, digest: `access ${clientId}`, refreshDigest: `refresh ${clientId}` });
          await credentials.insertGrant({
            ...held,
            digest: `grant ${clientId}`,
            isOffline: false,
            createdAt: 1,
            expiresAt: 9,
            isUsed: false,
          });
        }
        assert.deepEqual(await credentials.revokeClient({ org, clientId: "a", at: 7 }), ["access a"]);
        assert.deepEqual(
          (await credentials.clientsOf(org)).map(({ clientId, revokedAt }) => [clientId, revokedAt]),
          [
            ["a", 7],
            ["b", null],
          ],
        );
        const left = async (clientId: string) => [
          await credentials.refreshToken(`refresh ${clientId}`),
          await credentials.accessToken(`access ${clientId}`),
          await credentials.grant(`grant ${clientId}`),
        ];
        assert.deepEqual(await left("a"), [null, null, null]);
        assert.ok((await left("b")).every((row) => row !== null));
      });
    },
  ],
  [
    "access tokens that have not ended come newest first, in pages, and are found by the start of their digest",
    async (store, org) => {
      await store.transaction(async ({ credentials }) => {
        const token = (digest: string, issuedAt: number, expiresAt = 100) => ({
          org,
          number: 1,
          clientId: "c",
          userId: "5",
          scopes: [],
          digest,
          issuedAt,
          expiresAt,
          refreshDigest: null,
        });
        const rows = [token("aa1", 1), token("ab2", 2), token("ac3", 2), token("ad4", 3, 50)];
        for (const row of rows) await credentials.insertAccessToken(row);
        const asked = { org, now: 50, limit: 2 };
        const digests = async (after: { issuedAt: number; digest: string } | null) =>
          (await credentials.liveAccessTokens({ ...asked, after })).map(({ digest }) => digest);
        assert.deepEqual(await digests(null), ["ab2", "ac3"]);
        assert.deepEqual(await digests({ issuedAt: 2, digest: "ab2" }), ["ac3", "aa1"]);
        const alike = async (start: string) => (await credentials.accessTokensLike(start)).length;
        assert.deepEqual([await alike("a"), await alike("ab"), await alike("b")], [4, 1, 0]);
      });
    },
  ],
  [
    "active channels that fail are counted up to a bound, and those that expire soon are told, the soonest first",
    async (store, org) => {
      await store.transaction(async (tx) => {
        const at = 1_000;
        await tx.channels.put(channel(org, 1, { expiresAt: at }));
        await tx.channels.put(channel(org, 2, { expiresAt: at + 5, failingSince: 3 }));
        await tx.channels.put(channel(org, 3, { expiresAt: at + 2 }));
        await tx.channels.put(channel(org, 4, { expiresAt: at + 9, state: "paused", failingSince: 3 }));
        await tx.channels.put(channel(org, 5, { expiresAt: at + 9, state: "disabled", cause: "gone" }));
        await tx.channels.put(channel(org, 6, { expiresAt: at, failingSince: 3 }));
        await tx.channels.put(channel(org, 7, { expiresAt: at + 9, failingSince: 4 }));
        assert.equal(await tx.overview.failingChannels(at, 10), 2);
        assert.equal(await tx.overview.failingChannels(at, 1), 1);
        const soon = await tx.overview.expiring({ after: at, until: at + 5, limit: 10 });
        assert.deepEqual(
          soon.map(({ channelKey, expiresAt }) => [channelKey, expiresAt]),
          [
            [3, at + 2],
            [2, at + 5],
          ],
        );
        assert.equal(soon[0]?.zgid, "554023000");
      });
    },
  ],
];

function channel(org: number, key: number, over: Partial<ChannelRow>): ChannelRow {
  return channelRow({ org, key, channelId: String(key), ...over });
}
