import { Worker } from 'node:worker_threads';
import type { Task } from './worker.ts';

type Message = { progress: number } | { result: unknown } | { error: string };

/**
 * Runs the tasks on `threads` workers and returns their results in the tasks' order.
 *
 * @param onProgress share of all tasks that is done, 0 to 1, with the tasks weighted alike
 * @throws Error with the worker's stack when a task fails
 */
export async function runTasks(
  tasks: readonly Task[],
  threads: number,
  onProgress: (share: number) => void,
): Promise<unknown[]> {
  const results: unknown[] = new Array(tasks.length);
  const shares = new Array<number>(tasks.length).fill(0);
  let next = 0;
  const tell = (): void => onProgress(shares.reduce((sum, share) => sum + share, 0) / tasks.length);

  const serve = async (): Promise<void> => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url));
    try {
      while (next < tasks.length) {
        const index = next++;
        results[index] = await new Promise((resolve, reject) => {
          worker.removeAllListeners();
          worker.once('error', reject);
          worker.on('message', (message: Message) => {
            if ('progress' in message) {
              shares[index] = message.progress;
              tell();
            } else if ('error' in message) reject(new Error(message.error));
            else resolve(message.result);
          });
          worker.postMessage(tasks[index]);
        });
        shares[index] = 1;
        tell();
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(threads, tasks.length) }, serve));
  return results;
}
