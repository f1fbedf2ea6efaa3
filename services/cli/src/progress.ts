import { SingleBar } from 'cli-progress';

export interface Progress {
  update(done: number, total: number, note: string): void;
  stop(): void;
}

const quietLineEveryMs = 5_000;

/** A bar on a terminal; elsewhere a line every few seconds. Always on standard error. */
export function createProgress(label: string): Progress {
  if (process.stderr.isTTY === true) {
    const bar = new SingleBar({
      format: `${label} [{bar}] {percentage}% {note}`,
      stream: process.stderr,
      barCompleteChar: '█',
      barIncompleteChar: '·',
      hideCursor: true,
    });
    bar.start(1, 0, { note: '' });
    return {
      update(done, total, note) {
        bar.setTotal(total);
        bar.update(done, { note });
      },
      stop: () => bar.stop(),
    };
  }
  let toldAt = 0;
  return {
    update(done, total, note) {
      const now = performance.now();
      if (done < total && now - toldAt < quietLineEveryMs) return;
      toldAt = now;
      console.error(`${label}: ${total === 0 ? 100 : Math.floor((100 * done) / total)}% ${note}`);
    },
    stop() {},
  };
}
