// Writes outcry.ndjson, the file that Kibana imports:
//
//   node infra/kibana/build.ts
import { writeFileSync } from 'node:fs';
import { dashboard } from './dashboard.ts';
import { outageEvents, outages, signals } from './data-views.ts';
import type { SavedObject } from './saved-object.ts';
import { tag, toNdjson } from './saved-object.ts';
import { latestSignals, openOutages, outageHistory } from './searches.ts';

/** Everything, what is spoken of before what speaks of it. */
export const savedObjects: readonly SavedObject[] = [
  tag,
  signals,
  outages,
  outageEvents,
  latestSignals,
  openOutages,
  outageHistory,
  dashboard,
];

export const ndjsonFile = new URL('./outcry.ndjson', import.meta.url);

if (import.meta.main) writeFileSync(ndjsonFile, toNdjson(savedObjects));
