import { loadCatalog } from '@outcry/catalog';
import { createStreamDetector } from '@outcry/detection';
import { contextOf } from '@outcry/detector';
import { Command } from 'commander';
import { lenientDetectInput } from '../detect-input.ts';
import { runPipe } from '../pipe.ts';

export function detectCommand(): Command {
  return new Command('detect')
    .description('find outages: signals and heartbeats in, outage events out (NDJSON)')
    .option(
      '--catalog <file>',
      'catalogue whose dependencies link echoes',
      process.env.OUTCRY_CATALOG,
    )
    .addHelpText(
      'after',
      `
In:  {"target":"spotify","voice":"a1","occurredAt":"2025-04-16T12:20:05.000Z"} is enough; all other
     fields of a signal are optional. Heartbeats ({"kind":"heartbeat",…}) move the watermark; without
     any, the times of the stream itself do. Any order within ten seconds. Times may be in any common
     form; a target's name becomes an id in lower case (Disney Plus: disney-plus).
Out: {"type":"outage.opened","outageId","sequence","target","decidedAt","startedAt","state",
      "severity","confidence","countries","types","reason",…}`,
    )
    .action(async (options: { catalog?: string }) => {
      const { correlator } = contextOf(loadCatalog(options.catalog));
      const detector = createStreamDetector(undefined, correlator);
      await runPipe({
        command: 'detect',
        schema: lenientDetectInput,
        each: (record) => detector.take(record),
        end: () => detector.finish(),
      });
    });
}
