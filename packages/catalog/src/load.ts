import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Catalog } from './catalog.ts';
import { parseCatalog } from './catalog.ts';

/** The catalogue that comes with the project. */
export const shippedCatalogPath = fileURLToPath(new URL('../catalog.yaml', import.meta.url));

/**
 * Reads a catalogue from a file, the shipped one by default.
 *
 * @throws CatalogError when the file holds a bad catalogue; the file system's error when it cannot
 *   be read
 */
export function loadCatalog(path: string = shippedCatalogPath): Catalog {
  return parseCatalog(readFileSync(path, 'utf8'), path);
}
