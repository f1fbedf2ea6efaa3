import { readFileSync } from 'node:fs';
import { exitCodes } from '@outcry/runtime';
import { Command } from 'commander';
import { classifyCommand } from './commands/classify.ts';
import { demoCommand } from './commands/demo.ts';
import { detectCommand } from './commands/detect.ts';
import { labelCommand } from './commands/label.ts';
import { receiversCommand } from './commands/receivers.ts';
import { reprocessCommand } from './commands/reprocess.ts';
import { simulateCommand } from './commands/simulate.ts';
import { stackCommand } from './commands/stack.ts';
import { startCommand } from './commands/start.ts';
import { trainCommand } from './commands/train.ts';
import { validateCommand } from './commands/validate.ts';

const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as {
  version: string;
};

/** The whole command line. Each command is thin: what it does lives in a service or a package. */
export function program(): Command {
  const outcry = new Command('outcry')
    .description('Hears an outage before the status page admits it.')
    .version(version)
    .showHelpAfterError('(outcry COMMAND --help tells more)')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 failed, 2 something differs, 64 wrong call, 65 some input lines were bad, 69 something needed is not there, 78 wrong configuration.',
    )
    .addCommand(startCommand())
    .addCommand(demoCommand())
    .addCommand(classifyCommand())
    .addCommand(detectCommand())
    .addCommand(simulateCommand())
    .addCommand(labelCommand())
    .addCommand(trainCommand())
    .addCommand(reprocessCommand())
    .addCommand(receiversCommand())
    .addCommand(stackCommand())
    .addCommand(validateCommand());
  exitOnWrongCalls(outcry);
  return outcry;
}

/** commander ends with 1 for a wrong call; sysexits.h has 64 for it. Subcommands do not inherit this. */
function exitOnWrongCalls(command: Command): void {
  command.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : exitCodes.usage));
  for (const subcommand of command.commands) exitOnWrongCalls(subcommand);
}
