import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerProcess } from './server-process.ts';

/**
 * Asks a starting server, again and again, until it answers as it should.
 * Throws, with the last lines of its log, when it ends instead or takes longer than `timeoutMs`.
 */
export async function untilReady(wait: {
  process: ServerProcess;
  timeoutMs: number;
  probe(): Promise<boolean>;
  signal?: AbortSignal | undefined;
}): Promise<void> {
  const { process: server, timeoutMs, probe, signal } = wait;
  const deadline = performance.now() + timeoutMs;
  let ended: string | undefined;
  server.ended.then((sentence) => {
    ended = sentence;
  });
  while (!(await probe().catch(() => false))) {
    signal?.throwIfAborted();
    if (ended !== undefined) throw new Error(`${ended} before it was ready:\n${server.logTail()}`);
    if (performance.now() > deadline) {
      throw new Error(
        `${server.name} was not ready within ${timeoutMs / 1000} s:\n${server.logTail()}`,
      );
    }
    await sleep(100);
  }
}
