import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Guard } from './guard.ts';
import { ServerProcess } from './server-process.ts';

const url = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);

// Starts a launcher with a child of its own, as Elasticsearch does, and names both.
const PARENT = `
const { Guard } = await import(${url('./guard.ts')});
const { ServerProcess } = await import(${url('./server-process.ts')});
const [folder] = process.argv.slice(1);
const guard = new Guard();
guard.removeAtEnd(folder);
const server = new ServerProcess({
  name: 'launcher', file: '/bin/sh', args: ['-c', 'sleep 300 & echo $!; wait'], cwd: folder,
  env: process.env, logFile: folder + '/log',
}, guard);
await new Promise((resolve) => setTimeout(resolve, 300));
process.stdout.write(server.pid + ' ' + server.logTail().trim() + '\\n');
setInterval(() => {}, 1000);
`;

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const temporary = () => mkdtempSync(path.join(tmpdir(), 'outcry-guard-'));

describe('the guard', () => {
  it('ends the servers and removes their folder when the process is killed', async () => {
    const folder = temporary();
    const args = ['--input-type=module', '--eval', PARENT, folder];
    const parent = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pids = line.toString().trim().split(' ').map(Number);
    expect(pids.map(alive)).toEqual([true, true]);
    parent.kill('SIGKILL');
    await expect.poll(() => pids.some(alive), { timeout: 15_000 }).toBe(false);
    await expect.poll(() => existsSync(folder), { timeout: 15_000 }).toBe(false);
  }, 30_000);

  it('leaves alone what it was told to forget, and ends when released', async () => {
    const folder = temporary();
    const guard = new Guard();
    guard.removeAtEnd(folder);
    await guard.release();
    await guard.release();
    expect(existsSync(folder)).toBe(true);
    rmSync(folder, { recursive: true });
  });
});

describe('a server process', () => {
  const start = async (script: string) => {
    const folder = temporary();
    const guard = new Guard();
    const server = new ServerProcess(
      {
        name: 'server',
        file: '/bin/sh',
        args: ['-c', script],
        cwd: folder,
        env: process.env,
        logFile: path.join(folder, 'log'),
      },
      guard,
    );
    await expect.poll(() => server.logTail(), { timeout: 5_000 }).toContain('up');
    const end = async () => {
      await guard.release();
      rmSync(folder, { recursive: true });
    };
    return { server, end };
  };

  it('is asked to end, and may say goodbye', async () => {
    const { server, end } = await start(
      "trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.1; done",
    );
    await server.stop(5_000);
    expect(server.logTail()).toContain('bye');
    expect(await server.ended).toBe('server ended (exit code 0)');
    await end();
  });

  it('is ended when it does not heed the asking', async () => {
    const { server, end } = await start("trap '' TERM; echo up; while :; do sleep 0.1; done");
    const before = performance.now();
    await server.stop(300);
    expect(performance.now() - before).toBeGreaterThan(250);
    expect(await server.ended).toBe('server ended (SIGKILL)');
    await end();
  });

  it('takes what it started with it when it ends by itself', async () => {
    const { server, end } = await start('sleep 300 & echo up; echo $!; sleep 0.2');
    expect(await server.ended).toBe('server ended (exit code 0)');
    const left = Number(server.logTail().split('\n').at(-1));
    // Its zombie stays until the system's init collects it.
    await expect.poll(() => alive(left), { timeout: 5_000 }).toBe(false);
    expect(server.stopping).toBe(false);
    await end();
  });

  it('says so when its program is not there', async () => {
    const guard = new Guard();
    const folder = temporary();
    const logFile = path.join(folder, 'log');
    const command = { name: 'server', file: '/no/such', args: [], cwd: folder, env: {}, logFile };
    expect(await new ServerProcess(command, guard).ended).toContain('did not start');
    await guard.release();
    rmSync(folder, { recursive: true });
  });
});
