import { Command } from 'commander';

export function startCommand(): Command {
  return new Command('start')
    .description('run the whole pipeline here: sources, detection, search, webhooks and the page')
    .option('--port <number>', 'port of the page and the interfaces (default 8080)')
    .option('--data-dir <folder>', 'where the log and the index are kept (default .outcry)')
    .option(
      '--input <file>',
      'also read posts and reports from a file of NDJSON; - is standard input',
    )
    .option('--no-live', 'do not connect to the live sources')
    .option('--validate', 'check the configuration and end')
    .addHelpText(
      'after',
      '\nEverything else is set by the environment: npm run outcry -- validate --settings lists it.',
    )
    .action(async (options: { port?: string; dataDir?: string; input?: string; live: boolean }) => {
      const set = (name: string, value: string | undefined) => {
        if (value !== undefined) process.env[name] = value;
      };
      set('OUTCRY_HTTP_PORT', options.port);
      set('OUTCRY_DATA_DIR', options.dataDir);
      set('OUTCRY_INPUT', options.input);
      // A file is history and its times are believed; what comes by a pipe is news.
      if (options.input === '-') process.env.OUTCRY_INPUT_TIMES ??= 'observed';
      if (!options.live) set('OUTCRY_LIVE', 'false');
      await import('@outcry/standalone/main');
    });
}
