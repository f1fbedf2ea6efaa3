import { CatalogError, loadCatalog } from '@outcry/catalog';
import { ReceiversError, readReceivers, receiversFile } from '@outcry/notifier';
import { ConfigError, describeSettings, exitCodes, readSettings } from '@outcry/runtime';
import { standaloneSettings } from '@outcry/standalone';
import { Command } from 'commander';

export function validateCommand(): Command {
  return new Command('validate')
    .description('check settings, catalogue and receivers, and tell every problem')
    .option('--catalog <file>', 'catalogue of watched targets', process.env.OUTCRY_CATALOG)
    .option('--settings', 'list every setting of the environment')
    .option('--json', 'for machines')
    .action((options: { catalog?: string; settings?: boolean; json?: boolean }) => {
      if (options.settings === true) {
        console.log(describeSettings(standaloneSettings));
        return;
      }
      const problems = [
        ...settingsProblems(),
        ...catalogProblems(options.catalog),
        ...receiverProblems(),
      ];
      if (options.json === true)
        console.log(JSON.stringify({ valid: problems.length === 0, problems }));
      else if (problems.length === 0) console.log('Settings, catalogue and receivers are valid.');
      else console.error(problems.join('\n'));
      if (problems.length > 0) process.exitCode = exitCodes.config;
    });
}

function settingsProblems(): string[] {
  try {
    readSettings(standaloneSettings, process.env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return [...error.problems];
    throw error;
  }
}

function catalogProblems(file: string | undefined): string[] {
  try {
    loadCatalog(file);
    return [];
  } catch (error) {
    if (error instanceof CatalogError) return error.message.split('\n');
    return [`${file}: ${error instanceof Error ? error.message : String(error)}`];
  }
}

function receiverProblems(): string[] {
  try {
    readReceivers(
      receiversFile({
        OUTCRY_RECEIVERS: process.env.OUTCRY_RECEIVERS,
        OUTCRY_DATA_DIR: process.env.OUTCRY_DATA_DIR ?? '.outcry',
      }),
    );
    return [];
  } catch (error) {
    if (error instanceof ReceiversError) return [error.message];
    throw error;
  }
}
