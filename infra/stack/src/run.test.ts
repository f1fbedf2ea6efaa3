import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { freePorts, isFree } from './ports.ts';
import { parseStackArgs } from './run.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));

describe('the arguments of outcry stack', () => {
  it('are read into options', () => {
    expect(parseStackArgs([])).toEqual({});
    const args = ['--kafka', '--brokers', '3', '--kafka-port', '19092', '--data', 'd', '--json'];
    expect(parseStackArgs(args)).toEqual({
      kafka: true,
      brokers: 3,
      kafkaPort: 19092,
      dataDir: 'd',
      json: true,
    });
    expect(parseStackArgs(['-h'])).toBe('help');
  });

  it.each([
    [['--brokers', '2'], '--brokers is 1 or 3'],
    [['--kafka-port', 'http'], '--kafka-port is a port number, not "http"'],
    [['--elasticsearch-port', '70000'], '--elasticsearch-port is a port number, not "70000"'],
    [['--postgres'], "Unknown option '--postgres'"],
    [['kafka'], 'Unexpected argument'],
  ])('refuse %j in a sentence', (args, sentence) => {
    expect(() => parseStackArgs(args)).toThrow(sentence);
  });
});

describe('outcry stack', () => {
  const run = (args: string[], env: NodeJS.ProcessEnv = process.env) =>
    spawnSync(process.execPath, [main, ...args], { encoding: 'utf8', env });

  it('ends with 64 for a wrong argument', () => {
    const { status, stderr } = run(['--brokers', '2']);
    expect({ status, stderr }).toEqual({
      status: 64,
      stderr: 'outcry stack: --brokers is 1 or 3\n',
    });
  });

  it('says in one sentence that Maven is missing, and ends with 69', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'outcry-path-'));
    symlinkSync(process.execPath, path.join(folder, 'node'));
    const { status, stderr, stdout } = run([], { PATH: folder });
    rmSync(folder, { recursive: true });
    expect(stderr).toMatch(/^outcry stack: Maven is missing: [^\n]*\.\n$/);
    expect({ status, stdout }).toEqual({ status: 69, stdout: '' });
  });
});

describe('ports', () => {
  it('are free, distinct, and outside what systems give to clients', async () => {
    const ports = await freePorts(20);
    expect(new Set(ports).size).toBe(20);
    for (const port of ports) expect(port).toBeLessThan(32_768);
  });

  it('are not free while somebody listens', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    expect(await isFree(port)).toBe(false);
    await new Promise((resolve) => server.close(resolve));
    expect(await isFree(port)).toBe(true);
  });
});
