// Writes bulks of 100 signals to the file of its argument until it is killed, and says how many
// bulks were taken.
import { buildSignal } from '@outcry/testkit';
import { createSqliteIndex } from './index.ts';

const index = createSqliteIndex({ path: process.argv[2]! });
for (let bulk = 1; ; bulk++) {
  await index.bulk(
    Array.from({ length: 100 }, (_, n) => ({
      op: 'create' as const,
      collection: 'signals' as const,
      document: buildSignal({ recordId: `x:${bulk}-${n}`, text: 'written before the end' }),
    })),
  );
  process.stdout.write(`${bulk}\n`);
}
