/** One measured figure, and the bare way to do the same beside it. */
export interface Figure {
  what: string;
  /** Per second. */
  log: number;
  bare?: number;
  /** What the bare way is. */
  against?: string;
}

/** The best of several runs, because other work on the machine only ever slows one down. */
export async function best(runs: number, run: () => Promise<number> | number): Promise<number> {
  let found = 0;
  for (let i = 0; i < runs; i++) found = Math.max(found, await run());
  return found;
}

/** Runs the work and tells how many things it did per second. */
export async function perSecond(count: number, work: () => Promise<void> | void): Promise<number> {
  const start = performance.now();
  await work();
  return (count / (performance.now() - start)) * 1000;
}

export function print(title: string, figures: readonly Figure[]): void {
  console.log(`\n${title}`);
  for (const { what, log, bare, against } of figures) {
    const absolute = `${Math.round(log).toLocaleString('en')}/s`.padStart(12);
    const ratio =
      bare === undefined
        ? ''
        : `  ${((100 * log) / bare).toFixed(0).padStart(4)} % of ${Math.round(bare).toLocaleString('en')}/s ${against}`;
    console.log(`  ${what.padEnd(58)}${absolute}${ratio}`);
  }
}

/** A value of the size of a small post. */
export function sampleValue(size = 300): Uint8Array {
  return new Uint8Array(size).map((_, i) => 32 + ((i * 7) % 90));
}
