import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Reader } from 'mmdb-lib';

/** ISO 3166-1 alpha-2 of an address, or undefined where it is not known. */
export type CountryOf = (address: string) => string | undefined;

const database = '@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb';

/**
 * Reads the shipped country database into memory, so that no address ever leaves the process.
 *
 * Source: ip-location-db, geo-whois-asn-country (CC0), IPv4 and IPv6.
 */
export async function loadCountryOf(): Promise<CountryOf> {
  const path = createRequire(import.meta.url).resolve(database);
  // The database has fields of its own; the library knows MaxMind's products only.
  // biome-ignore lint/suspicious/noExplicitAny: the reader's type parameter is closed to others.
  const reader = new Reader<any>(await readFile(path));
  return function countryOf(address) {
    try {
      const found: unknown = reader.get(address);
      const code = (found as { country_code?: unknown } | null)?.country_code;
      return typeof code === 'string' && /^[A-Z]{2}$/.test(code) ? code : undefined;
    } catch {
      return undefined;
    }
  };
}
