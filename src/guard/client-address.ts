import { BlockList, isIP, isIPv6 } from 'node:net';

/** Whose address a request came from: what is limited for the anonymous. */
export type ClientAddress = (remote: string | undefined, forwardedFor: string | undefined) => string;

/**
 * Finds the address that a request came from, behind the proxies that are trusted.
 *
 * `x-forwarded-for` is read from its end: each trusted proxy has added whom it was called by, and the first that is not
 * trusted is the client. What stands before it anybody may have written. An IPv6 address stands for its /64, which one
 * customer has all of. `trusted` are addresses and CIDR ranges.
 */
export function createClientAddress(trusted: readonly string[]): ClientAddress {
  const proxies = new BlockList();
  for (const entry of trusted) {
    const [address = '', prefix] = entry.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (prefix === undefined) proxies.addAddress(address, family);
    else proxies.addSubnet(address, Number(prefix), family);
  }
  const isTrusted = (address: string): boolean => proxies.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');

  return (remote, forwardedFor) => {
    let address = plain(remote ?? '');
    if (trusted.length > 0 && forwardedFor !== undefined && isIP(address) !== 0) {
      for (const hop of forwardedFor.split(',').reverse()) {
        if (!isTrusted(address)) break;
        const before = plain(hop.trim());
        // Not an address: the proxy that passed it on is as far as one can see.
        if (isIP(before) === 0) break;
        address = before;
      }
    }
    return isIPv6(address) ? networkOf(address) : address;
  };
}

/** An address without port, brackets, zone, and the prefix that marks IPv4 in IPv6. */
function plain(text: string): string {
  const bracketed = /^\[([^\]]{2,64})\](?::\d{1,5})?$/.exec(text)?.[1];
  const address = (bracketed ?? text.replace(/^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/, '$1')).replace(
    /%.*$/,
    '',
  );
  return address.replace(/^::ffff:(?=\d{1,3}\.)/i, '');
}

/** The first four groups of an IPv6 address: the network that it belongs to. */
function networkOf(address: string): string {
  const [head = '', tail] = address.toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const after = tail === '' ? [] : tail.split(':');
    while (before.length + after.length < 8) before.push('0');
    before.push(...after);
  }
  return `${before
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
