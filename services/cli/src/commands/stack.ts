import { Command } from 'commander';

/** Its options are read by the stack itself, which can also run without this command. */
export function stackCommand(): Command {
  return new Command('stack')
    .description('run a real Kafka and a real Elasticsearch here, without Docker')
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .argument('[options...]', 'see outcry stack --help')
    .action(async (args: string[]) => {
      const { runStack } = await import('@outcry/stack');
      process.exitCode = await runStack(args);
    });
}
