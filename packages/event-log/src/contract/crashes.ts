import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { EventLog } from '../port.ts';
import type { ChildLog } from './crash-child.ts';
import type { LogWorld, LogWorldOptions } from './world.ts';
import {
  contractTopics,
  counting,
  drained,
  expectedCounts,
  input,
  numbered,
  output,
  readAll,
  state,
  text,
} from './world.ts';

export interface CrashWorld extends LogWorld {
  /** How another process opens the same log. */
  child: ChildLog;
}

export interface CrashOptions {
  /** How many times processes are killed. */
  rounds: number;
  /** How long a member must stand still until the others give it up. */
  givenUpAfterMs: number;
  timeoutMs: number;
}

const childScript = fileURLToPath(new URL('./crash-child.ts', import.meta.url));

/** Declares the tests that kill and freeze consumers in processes of their own. */
export function eventLogCrashContract(
  name: string,
  makeWorld: (options: LogWorldOptions) => Promise<CrashWorld>,
  { rounds, givenUpAfterMs, timeoutMs }: CrashOptions,
): void {
  describe(`the event log under kill -9: ${name}`, () => {
    const crash = (
      behaviour: string,
      check: (world: CrashWorld, log: EventLog) => Promise<void>,
    ) => {
      it(behaviour, { timeout: timeoutMs }, async () => {
        const world = await makeWorld({ partitions: 4, topics: contractTopics });
        const log = await world.open();
        try {
          await log.prepare();
          await check(world, log);
        } finally {
          await world.dispose();
        }
      });
    };

    crash('commits exactly once while its consumers are killed', async (world, log) => {
      const appended = { count: 0 };
      const flow = flowing(log, appended);
      for (let round = 0; round < rounds; round++) {
        const children = [start(world), ...(round % 3 === 2 ? [start(world)] : [])];
        try {
          await Promise.all(children.slice(0, 1).map(working));
          await sleep(Math.random() * 150);
        } finally {
          await Promise.all(children.map(kill));
        }
      }
      await flow.stop();
      await finish(log);
      expect(appended.count).toBeGreaterThan(rounds * 40);
      await expectExact(log, appended.count);
    });

    crash('shuts out a member that stood still and goes on', async (world, log) => {
      const appended = { count: 0 };
      const flow = flowing(log, appended);
      const frozen = start(world);
      try {
        await working(frozen);
        frozen.kill('SIGSTOP');
        const other = start(world);
        try {
          await sleep(givenUpAfterMs);
          await working(other);
          frozen.kill('SIGCONT');
          await sleep(2000);
        } finally {
          await kill(other);
        }
      } finally {
        await kill(frozen);
      }
      await flow.stop();
      await finish(log);
      await expectExact(log, appended.count);
    });
  });
}

/** Appends all the time, so that whoever dies dies in the middle of work. */
function flowing(log: EventLog, appended: { count: number }): { stop(): Promise<void> } {
  let stopped = false;
  const flow = (async () => {
    while (!stopped) {
      await log.append(numbered(input, appended.count, 120, 64));
      appended.count += 120;
      await sleep(15);
    }
  })();
  return {
    stop: async () => {
      stopped = true;
      await flow;
    },
  };
}

function start({ child }: CrashWorld): ChildProcess {
  return spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', childScript, JSON.stringify(child)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
}

/** Resolves when the child takes a batch. */
async function working(child: ChildProcess): Promise<void> {
  await Promise.race([
    once(child.stdout!, 'data'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`The child ended by itself with ${String(code)}`);
    }),
  ]);
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

async function finish(log: EventLog): Promise<void> {
  const consumer = await log.consume({
    group: 'crash',
    topics: [input],
    stateTopic: state,
    open: counting(),
  });
  await drained(consumer);
  await consumer.stop();
}

async function expectExact(log: EventLog, count: number): Promise<void> {
  const written = (await readAll(log, output)).map(({ value }) => text(value));
  expect(written).toHaveLength(count);
  expect(written).toEqual(await expectedCounts(log));
}
