/** What every store must do with clients, passwords and tokens: a part of the contract in `store.ts`. */
import assert from "node:assert/strict";
import type { AccessTokenRow, GrantRow, RefreshTokenRow } from "../../src/store/ports/credentials.ts";
import type { Store } from "../../src/store/store.ts";

export type StoreCase = readonly [title: string, body: (store: Store, orgKey: number) => Promise<void>];

export const credentialCases: readonly StoreCase[] = [
  [
    "a client is found as it was put in, with what it lacks as null",
    async (store, org) => {
      const bare = { org, clientId: "a", name: null, secretDigest: "d", userId: null, scopes: [], redirectUri: null, revokedAt: null };
      const full = { ...bare, clientId: "b", name: "B", userId: "5", scopes: ["A.b", "A.c"], redirectUri: "https://b.example/" };
      await store.transaction(async (tx) => {
        for (const client of [bare, full]) await tx.credentials.insertClient(client);
        assert.deepEqual([await tx.credentials.client("a"), await tx.credentials.client("b")], [bare, full]);
        assert.equal(await tx.credentials.client("c"), null);
      });
    },
  ],
  [
    "a user's password is the one put last",
    async (store, org) => {
      await store.transaction(async (tx) => {
        assert.equal(await tx.credentials.passwordHash(org, "5"), null);
        for (const hash of ["first", "second"]) await tx.credentials.putPassword({ org, userId: "5", hash });
        assert.equal(await tx.credentials.passwordHash(org, "5"), "second");
        assert.equal(await tx.credentials.passwordHash(org, "6"), null);
      });
    },
  ],
  [
    "access tokens of a user in a client come newest first, and are gone when deleted",
    async (store, org) => {
      await store.transaction(async (tx) => {
        const { credentials } = tx;
        const [first, second, third] = [accessToken(org, 1), { ...accessToken(org, 2), refreshDigest: "r" }, accessToken(org, 3)];
        for (const token of [second, first, third]) await credentials.insertAccessToken(token);
        await credentials.insertAccessToken({ ...accessToken(org, 4), userId: "6" });
        await credentials.insertAccessToken({ ...accessToken(org, 5), clientId: "other" });
        assert.deepEqual(await credentials.accessTokensOf(first), [third, second, first]);
        assert.deepEqual(await credentials.accessToken("access 2"), second);
        await credentials.deleteAccessToken(org, "access 2");
        assert.equal(await credentials.accessToken("access 2"), null);
        assert.deepEqual(await credentials.accessTokensOf(first), [third, first]);
      });
    },
  ],
  [
    "refresh tokens of a user in a client come newest first, and are gone when deleted",
    async (store, org) => {
      await store.transaction(async (tx) => {
        const { credentials } = tx;
        const [first, second] = [refreshToken(org, 1), refreshToken(org, 2)];
        for (const token of [first, second]) await credentials.insertRefreshToken(token);
        await credentials.insertRefreshToken({ ...refreshToken(org, 3), userId: "6" });
        assert.deepEqual(await credentials.refreshTokensOf(first), [second, first]);
        assert.deepEqual(await credentials.refreshToken("refresh 1"), first);
        await credentials.deleteRefreshToken(org, "refresh 1");
        assert.equal(await credentials.refreshToken("refresh 1"), null);
      });
    },
  ],
  [
    "codes of a client come newest first, are used once, and are gone when deleted",
    async (store, org) => {
      await store.transaction(async (tx) => {
        const { credentials } = tx;
        const [first, second] = [grant(org, 1), { ...grant(org, 2), userId: "6", isOffline: true, expiresAt: 9 }];
        for (const each of [first, second]) await credentials.insertGrant(each);
        assert.deepEqual(await credentials.grantsOf(org, "c"), [second, first]);
        assert.deepEqual(await credentials.grant("grant 2"), second);
        await credentials.markGrantUsed(org, "grant 1");
        assert.equal((await credentials.grant("grant 1"))?.isUsed, true);
        assert.equal((await credentials.grant("grant 2"))?.isUsed, false);
        await credentials.deleteGrant(org, "grant 1");
        assert.deepEqual(await credentials.grantsOf(org, "c"), [second]);
      });
    },
  ],
  [
    "an admin token is known until newer ones push it out",
    async (store) => {
      await store.transaction(async (tx) => {
        for (const [createdAt, digest] of ["a", "b", "c"].entries()) await tx.credentials.addAdminToken({ digest, createdAt, keep: 2 });
        const known = [];
        for (const digest of ["a", "b", "c"]) known.push(await tx.credentials.hasAdminToken(digest));
        assert.deepEqual(known, [false, true, true]);
      });
    },
  ],
];

function held(org: number, number: number) {
  return { org, number, clientId: "c", userId: "5", scopes: ["ZohoCRM.org.ALL", "ZohoCRM.users.READ"] };
}

function accessToken(org: number, number: number): AccessTokenRow {
  return { ...held(org, number), digest: `access ${number}`, refreshDigest: null, issuedAt: 1, expiresAt: 100 };
}

function refreshToken(org: number, number: number): RefreshTokenRow {
  return { ...held(org, number), digest: `refresh ${number}`, createdAt: 1 };
}

function grant(org: number, number: number): GrantRow {
  return { ...held(org, number), digest: `grant ${number}`, isOffline: false, createdAt: 1, expiresAt: null, isUsed: false };
}
