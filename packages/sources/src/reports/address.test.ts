import { describe, expect, test } from 'vitest';
import { clientAddress, networkKey, reporterKey, trustedProxies } from './address.ts';

const proxies = trustedProxies(['10.0.0.0/8', '2001:db8::/32', '127.0.0.1']);

describe('clientAddress', () => {
  test.each([
    ['a stranger is himself', '8.8.8.8', '1.1.1.1', '8.8.8.8'],
    ['behind a proxy, the right-most counts', '10.0.0.1', '1.1.1.1, 2.2.2.2', '2.2.2.2'],
    ['proxies of a chain are passed', '10.0.0.1', '2.2.2.2, 10.9.9.9', '2.2.2.2'],
    ['nonsense ends the chain', '10.0.0.1', '2.2.2.2, unknown', '10.0.0.1'],
    ['no header leaves the proxy', '10.0.0.1', undefined, '10.0.0.1'],
    ['IPv4 inside IPv6 is IPv4', '::ffff:127.0.0.1', '::ffff:2.2.2.2', '2.2.2.2'],
    ['ports and brackets are taken off', '127.0.0.1', '[2600::1]:443', '2600::1'],
    ['an IPv4 port too', '127.0.0.1', '2.2.2.2:8080', '2.2.2.2'],
  ])('%s', (_, socket, header, expected) => {
    expect(clientAddress(socket, header, proxies)).toBe(expected);
  });
});

test('a household is an IPv4 address or an IPv6 /64, a network a /24 or /48', () => {
  expect(reporterKey('2.2.2.9')).toBe('2.2.2.9/32');
  expect(reporterKey('2600:1:2:3:4:5:6:7')).toBe(reporterKey('2600:1:2:3:ffff::1'));
  expect(reporterKey('2600:1:2:3::1')).not.toBe(reporterKey('2600:1:2:4::1'));
  expect(networkKey('2.2.2.9')).toBe(networkKey('2.2.2.200'));
  expect(networkKey('2600:1:2:3::1')).toBe(networkKey('2600:1:2:4::1'));
  expect(networkKey('2600:1:2::1')).not.toBe(networkKey('2600:1:3::1'));
});

test('what is no address and no block is refused by name', () => {
  expect(() => trustedProxies(['10.0.0.0/8', 'proxy.local'])).toThrow(/proxy\.local/);
  expect(() => trustedProxies(['10.0.0.0/99'])).toThrow(RangeError);
});
