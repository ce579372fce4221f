import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/**
 * The cost of a hash, part of it, so that it can be raised later.
 *
 * A quarter of what is good practice for a real service (2^15): the demo's sign-in promises about 100 ms, also
 * on a small machine that runs everything else as well.
 */
const cost = 2 ** 13;
const keyBytes = 32;

/** A salted hash of a password, as `scrypt:<cost>:<salt>:<key>` in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, cost);
  return `scrypt:${cost}:${salt.toString('base64url')}:${key.toString('base64url')}`;
}

/** Whether this is the password that was hashed. Takes as long for a wrong one as for the right one. */
export async function isPassword(password: string, hash: string): Promise<boolean> {
  const [, hashCost, salt, key] = hash.split(':');
  if (hashCost === undefined || salt === undefined || key === undefined)
    throw new Error('not a password hash');
  const derived = await derive(password, Buffer.from(salt, 'base64url'), Number(hashCost));
  return timingSafeEqual(derived, Buffer.from(key, 'base64url'));
}

function derive(password: string, salt: Buffer, N: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, keyBytes, { N }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
