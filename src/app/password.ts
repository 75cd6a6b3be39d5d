/**
 * Passwords of the sign-in page: kept as scrypt hashes, in a text that says how it was made: `scrypt$16384$8$5$salt$hash`, the last
 * two in base64url. Hashing takes a fifth of a second of a thread of the runtime's pool, on purpose.
 */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/** The strength that current advice asks of scrypt with 16 MiB. */
const cost = { N: 16_384, r: 8, p: 5 } as const;
const prefix = `scrypt$${cost.N}$${cost.r}$${cost.p}$`;
const saltBytes = 16;
const hashBytes = 32;

/** Compared with where there is no user or no password, so that the answer takes as long as it does for a wrong one. */
const nobodysHash = `${prefix}${"A".repeat(22)}$${"A".repeat(43)}`;

/** The text to keep of a password. One that is such a text already is kept as it is. */
export async function hashPassword(password: string): Promise<string> {
  if (isPasswordHash(password)) return password;
  const salt = randomBytes(saltBytes);
  return `${prefix}${salt.toString("base64url")}$${(await derive(password, salt)).toString("base64url")}`;
}

/** Whether the text is a hash of the kind that is kept. */
export function isPasswordHash(text: string): boolean {
  return text.startsWith(prefix) && /^[\w-]{22}\$[\w-]{43}$/.test(text.slice(prefix.length));
}

/** Whether it is the password that was hashed. `hash` null: there is none, which takes as long to find out. */
export async function isPassword(password: string, hash: string | null): Promise<boolean> {
  const [salt = "", digest = ""] = (hash ?? nobodysHash).slice(prefix.length).split("$");
  const derived = await derive(password, Buffer.from(salt, "base64url"));
  return timingSafeEqual(derived, Buffer.from(digest, "base64url")) && hash !== null;
}

/** People type one character in more than one way; NFKC makes them one. */
function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize("NFKC"), salt, hashBytes, cost, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
