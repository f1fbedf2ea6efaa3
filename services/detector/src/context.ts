import type { Catalog } from '@outcry/catalog';
import { loadCatalog } from '@outcry/catalog';
import type { createCorrelator, createPartitionDetector } from '@outcry/detection';

/** What the two steps know besides the records: the catalogue's dependencies. */
export interface DetectorContext {
  detector: Omit<
    Parameters<typeof createPartitionDetector>[0],
    'partition' | 'partitions' | 'state'
  >;
  correlator: Omit<Parameters<typeof createCorrelator>[0], 'state'>;
}

/** @param file the catalogue, the shipped one by default */
export function loadContext(file: string | undefined): DetectorContext {
  return contextOf(loadCatalog(file));
}

export function contextOf(catalog: Catalog): DetectorContext {
  const dependencies = (target: string) => catalog.byId.get(target)?.dependsOn ?? [];
  return { detector: {}, correlator: { dependencies } };
}
