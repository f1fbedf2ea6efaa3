import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Proxies whose word about the client is believed: addresses and CIDR blocks. */
export interface TrustedProxies {
  trusts(address: string): boolean;
}

/** @throws RangeError that names what is no address or block */
export function trustedProxies(list: readonly string[]): TrustedProxies {
  const blocks = list.map(parseBlock);
  return {
    trusts(text) {
      const address = parse(text);
      if (address === null) return false;
      return blocks.some(
        ([network, bits]) => network.kind() === address.kind() && address.match(network, bits),
      );
    },
  };
}

/**
 * Who really asks: the socket's address, or, as long as that is a trusted proxy, the next address
 * from the right of X-Forwarded-For. What stands left of the first untrusted address is anybody's
 * invention and is not read.
 */
export function clientAddress(
  socketAddress: string,
  forwardedFor: string | undefined,
  proxies: TrustedProxies,
): string {
  let current = normal(socketAddress);
  const hops = forwardedFor === undefined ? [] : forwardedFor.split(',');
  while (hops.length > 0 && proxies.trusts(current)) {
    const next = parse(hops.pop()!.trim());
    if (next === null) break;
    current = next.toString();
  }
  return current;
}

/**
 * What stands for one household or device: an IPv4 address, or the /64 of an IPv6 address, inside
 * which one device changes its address as it likes.
 */
export function reporterKey(address: string): string {
  return prefixOf(address, 32, 64);
}

/** What stands for one network: the /24 of an IPv4 address, the /48 of an IPv6 address. */
export function networkKey(address: string): string {
  return prefixOf(address, 24, 48);
}

function prefixOf(text: string, bits4: number, bits6: number): string {
  const address = parse(text);
  if (address === null) return text;
  const bits = address.kind() === 'ipv4' ? bits4 : bits6;
  const bytes = address.toByteArray();
  for (let bit = bits; bit < bytes.length * 8; bit += 1)
    bytes[bit >> 3]! &= ~(0x80 >> (bit & 7)) & 0xff;
  return `${ipaddr.fromByteArray(bytes).toString()}/${bits}`;
}

function normal(text: string): string {
  return parse(text)?.toString() ?? text;
}

/** An IPv4 address that comes as IPv6 is the same address. */
function parse(text: string): Address | null {
  const bare = text.replace(/^\[(.*)\](:\d+)?$/, '$1').replace(/^([\d.]+):\d+$/, '$1');
  return ipaddr.isValid(bare) ? ipaddr.process(bare) : null;
}

function parseBlock(text: string): [Address, number] {
  try {
    if (text.includes('/')) return ipaddr.parseCIDR(text);
    const address = ipaddr.process(text);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  } catch {
    throw new RangeError(`${text} is no address and no CIDR block`);
  }
}
