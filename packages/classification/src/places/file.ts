import { pack, unpack } from '../pack.ts';
import type { GazetteerTables } from './gazetteer.ts';
import { Gazetteer } from './gazetteer.ts';

const magic = 'OUTCRYP1';

interface Header {
  countries: string;
  subdivisions: string;
  slots: number;
  prefixes: number;
  candidates: number;
  names: number;
  sources: string;
}

export function encodePlaces(t: GazetteerTables, sources: string): Uint8Array {
  const header: Header = {
    countries: t.countries,
    subdivisions: t.subdivisions,
    slots: t.keys.length,
    prefixes: t.prefixes.length,
    candidates: t.kind.length,
    names: t.names.length,
    sources,
  };
  return pack(magic, header, [
    t.keys,
    t.heads,
    t.prefixes,
    t.last,
    t.kind,
    t.flags,
    t.country,
    t.subdivision,
    t.size,
    t.latitude,
    t.longitude,
    t.languages,
    t.name,
    t.names,
  ]);
}

/** @throws Error when the bytes are no table of places or cut short */
export function decodePlaces(bytes: Uint8Array): Gazetteer {
  const { header, take } = unpack(magic, bytes);
  const { countries, subdivisions, slots, prefixes, candidates, names } = header as Header;
  return new Gazetteer({
    countries,
    subdivisions,
    keys: new Int32Array(take(slots * 4)),
    heads: new Int32Array(take(slots * 4)),
    prefixes: new Int32Array(take(prefixes * 4)),
    last: new Uint8Array(take(candidates)),
    kind: new Uint8Array(take(candidates)),
    flags: new Uint8Array(take(candidates)),
    country: new Uint8Array(take(candidates)),
    subdivision: new Uint16Array(take(candidates * 2)),
    size: new Uint8Array(take(candidates)),
    latitude: new Int16Array(take(candidates * 2)),
    longitude: new Int16Array(take(candidates * 2)),
    languages: new Int32Array(take(candidates * 4)),
    name: new Int32Array(take(candidates * 4)),
    names: new Uint8Array(take(names)),
  });
}
