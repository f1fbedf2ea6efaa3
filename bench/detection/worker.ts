import { parentPort } from 'node:worker_threads';
import { runReplay } from './replay.ts';
import { runTimeline } from './timeline.ts';
import type { WorldPlan } from './world-run.ts';
import { runPlan } from './world-run.ts';

/** One thing to run, and what comes back: progress as it goes, then the result or the error. */
export type Task =
  | { kind: 'world'; plan: WorldPlan }
  | { kind: 'timeline'; seed: number }
  | { kind: 'replay'; seed: number };

parentPort?.on('message', (task: Task) => {
  try {
    const progress = (share: number): void => parentPort?.postMessage({ progress: share });
    const result =
      task.kind === 'world'
        ? runPlan(task.plan, progress)
        : task.kind === 'timeline'
          ? runTimeline(task.seed)
          : runReplay(task.seed);
    parentPort?.postMessage({ result });
  } catch (error) {
    parentPort?.postMessage({ error: error instanceof Error ? error.stack : String(error) });
  }
});
