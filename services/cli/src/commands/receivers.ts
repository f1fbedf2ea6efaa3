import { describeIssues, severities } from '@outcry/contracts';
import type { Receiver } from '@outcry/delivery';
import { messageOf, receiver as receiverSchema } from '@outcry/delivery';
import {
  newSecret,
  notifierSettings,
  postMessage,
  readReceivers,
  receiversFile,
  writeReceivers,
} from '@outcry/notifier';
import { readSettings } from '@outcry/runtime';
import { buildOutageEvent } from '@outcry/testkit';
import { Command } from 'commander';
import { UsageError } from '../usage-error.ts';

interface AddOptions {
  id?: string;
  target?: string[];
  minSeverity?: string;
  event?: string[];
  json?: boolean;
}

export function receiversCommand(): Command {
  const command = new Command('receivers').description(
    'the webhook endpoints that hear of outages',
  );

  command
    .command('list', { isDefault: true })
    .description('who hears what')
    .option('--json', 'for machines; secrets are left out')
    .action((options: { json?: boolean }) => {
      const all = readReceivers(file()).map(({ secrets, ...rest }) => ({
        ...rest,
        secrets: secrets.length,
      }));
      if (options.json === true) console.log(JSON.stringify(all));
      else if (all.length === 0)
        console.log(`No receivers yet (${file()}). Add one: outcry receivers add URL`);
      else for (const it of all) console.log(describe(it));
    });

  command
    .command('add <url>')
    .description('add an endpoint; prints the secret that its messages are signed with, once')
    .option('--id <id>', 'a name for it; without it the host of the address')
    .option('--target <ids...>', 'only these targets')
    .option('--min-severity <severity>', severities.join(', '))
    .option('--event <types...>', 'only these events, such as outage.opened')
    .option('--json', 'for machines')
    .action((url: string, options: AddOptions) => {
      const all = readReceivers(file());
      const secret = newSecret();
      const added = parse({
        id: options.id ?? idFrom(url),
        url,
        secrets: [secret],
        addedAt: Date.now(),
        ...(options.target === undefined ? {} : { targets: options.target }),
        ...(options.minSeverity === undefined ? {} : { minSeverity: options.minSeverity }),
        ...(options.event === undefined ? {} : { events: options.event }),
      });
      if (all.some(({ id }) => id === added.id))
        throw new UsageError(`there is a receiver ${added.id} already; give another --id`);
      writeReceivers(file(), [...all, added]);
      if (options.json === true)
        console.log(JSON.stringify({ id: added.id, url: added.url, secret }));
      else
        console.log(
          `Added ${added.id}. It hears what happens from now on.\nSecret (shown only here): ${secret}`,
        );
    });

  command
    .command('remove <id>')
    .description('send nothing more to an endpoint')
    .action((id: string) => {
      const all = readReceivers(file());
      if (!all.some((it) => it.id === id)) throw new UsageError(`there is no receiver ${id}`);
      writeReceivers(
        file(),
        all.filter((it) => it.id !== id),
      );
      console.log(`Removed ${id}.`);
    });

  command
    .command('test <id>')
    .description('send one signed test event, and tell what the endpoint answers')
    .action(async (id: string) => {
      const it = readReceivers(file()).find((other) => other.id === id);
      if (it === undefined) throw new UsageError(`there is no receiver ${id}`);
      const config = readSettings(notifierSettings, process.env);
      const event = buildOutageEvent({
        id: `test-${Date.now()}/1`,
        outageId: `test-${Date.now()}`,
        reason: 'This is a test, nothing is wrong.',
      });
      const verdict = await postMessage({
        url: it.url,
        secrets: it.secrets,
        message: messageOf(event),
        timeoutMs: config.OUTCRY_WEBHOOK_TIMEOUT_SECONDS * 1_000,
        allowPrivate: config.OUTCRY_WEBHOOK_ALLOW_PRIVATE,
      });
      if (verdict.kind === 'delivered') console.log(`${id} took the test event.`);
      else {
        console.error(
          `${id} did not take it: ${verdict.kind === 'gone' ? 'status 410' : verdict.reason}`,
        );
        process.exitCode = 1;
      }
    });
  return command;
}

function file(): string {
  return receiversFile(readSettings(notifierSettings, process.env));
}

function parse(value: unknown): Receiver {
  const result = receiverSchema.safeParse(value);
  if (!result.success) throw new UsageError(describeIssues(result.error));
  return result.data;
}

function idFrom(url: string): string {
  const host = URL.parse(url)?.hostname ?? '';
  return (
    host
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '') || 'receiver'
  );
}

function describe(it: Omit<Receiver, 'secrets'>): string {
  const filters = [
    it.targets === undefined ? 'all targets' : it.targets.join(', '),
    ...(it.minSeverity === undefined ? [] : [`from ${it.minSeverity}`]),
    ...(it.events === undefined ? [] : [it.events.join(', ')]),
  ];
  return `${it.id.padEnd(24)} ${it.url}  (${filters.join('; ')})`;
}
