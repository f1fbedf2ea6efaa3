import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const url = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);

// As run.mjs does it, without looking at what is installed.
const RUNNER = `
const { runProgram } = await import(${url('./run-program.mjs')});
const args = ['--import', ${url('./follow-parent.mjs')}, ...process.argv.slice(2)];
const { status } = await runProgram(process.execPath, args, {
  stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
  env: { ...process.env, OUTCRY_PARENT_PIPE: '3' },
});
process.exitCode = status;
`;

// Counts the signals that it gets for half a second after the first, and ends with 5.
const COUNTER = `
let count = 0;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {
  count += 1;
  if (count === 1) setTimeout(() => { console.log(signal + ' ' + count); process.exit(5); }, 500);
});
setInterval(() => {}, 1000);
console.log('up ' + process.pid);
`;

describe('running a program in the place of this one', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'outcry-run-'));
    writeFileSync(path.join(folder, 'runner.mjs'), RUNNER);
    writeFileSync(path.join(folder, 'counter.mjs'), COUNTER);
    writeFileSync(path.join(folder, 'exit.mjs'), 'process.exit(Number(process.argv[2]));');
    writeFileSync(path.join(folder, 'echo.mjs'), 'process.stdin.pipe(process.stdout);');
    writeFileSync(path.join(folder, 'die.mjs'), "process.kill(process.pid, 'SIGKILL');");
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const run = (...args: string[]) =>
    spawn(process.execPath, [path.join(folder, 'runner.mjs'), ...args], {
      cwd: folder,
      detached: true,
      stdio: ['pipe', 'pipe', 'inherit'],
    });

  async function upPid(child: ChildProcess): Promise<number> {
    const [line] = (await once(child.stdout as NonNullable<typeof child.stdout>, 'data')) as [
      Buffer,
    ];
    return Number(line.toString().trim().split(' ')[1]);
  }

  async function outputOf(child: ChildProcess): Promise<{ code: number | null; output: string }> {
    let output = '';
    child.stdout?.on('data', (chunk) => {
      output += chunk;
    });
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, output };
  }

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('passes %s on once', async (signal) => {
    const child = run('counter.mjs');
    await upPid(child);
    child.kill(signal);
    expect(await outputOf(child)).toEqual({ code: 5, output: `${signal} 1\n` });
  });

  it('passes a signal on once that the whole group gets, and a copy of it', async () => {
    const child = run('counter.mjs');
    await upPid(child);
    process.kill(-(child.pid as number), 'SIGINT');
    child.kill('SIGINT');
    expect(await outputOf(child)).toEqual({ code: 5, output: 'SIGINT 1\n' });
  });

  it('ends with the exit code of the program, 128 and more for a signal', async () => {
    expect(await outputOf(run('exit.mjs', '0'))).toMatchObject({ code: 0 });
    expect(await outputOf(run('exit.mjs', '78'))).toMatchObject({ code: 78 });
    expect(await outputOf(run('die.mjs'))).toMatchObject({ code: 137 });
  });

  it('hands standard input and output through', async () => {
    const child = run('echo.mjs');
    child.stdin?.end('one\ntwo\n');
    expect(await outputOf(child)).toEqual({ code: 0, output: 'one\ntwo\n' });
  });

  it('asks the program to end when this one is killed', async () => {
    const child = run('counter.mjs');
    const pid = await upPid(child);
    const output = outputOf(child);
    child.kill('SIGKILL');
    expect((await output).output).toBe('SIGTERM 1\n');
    await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
