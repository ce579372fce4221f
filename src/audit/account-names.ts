import { createHmac, hkdfSync } from 'node:crypto';

/** `Account:` and a keyed hash: tells attempts at one account from those at another, and names nobody. */
export type AccountName = (address: string | null) => string | null;

/**
 * Names the accounts that somebody tried to open and could not.
 *
 * Without the key nobody can find out, by trying addresses, whose attempts they were. Null where there is no address,
 * or no key for now.
 */
export function createAccountNames(keys: () => readonly Buffer[]): AccountName {
  let derived: Buffer | null = null;
  const key = (): Buffer | null => {
    try {
      const [first] = keys();
      if (first) derived ??= Buffer.from(hkdfSync('sha256', first, '', 'weir audit accounts', 32));
    } catch {
      // Whoever keeps workflows needs the same keys, and tells what is wrong with them.
    }
    return derived;
  };
  return (address) => {
    const by = address === null ? null : key();
    if (address === null || by === null) return null;
    const hash = createHmac('sha256', by).update(address.trim().toLowerCase()).digest('base64url');
    return `Account:${hash.slice(0, 22)}`;
  };
}
