import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root, run, startProcess, until } from '../support/processes.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'outcry-services-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const services = readdirSync(path.join(root, 'services')).filter(
  (name) => name !== 'cli' && existsSync(path.join(root, 'services', name, 'src/main.ts')),
);

describe.each(services)('services/%s', (name) => {
  const main = `services/${name}/src/main.ts`;

  it('says that a good configuration is good, and starts nothing', async () => {
    const { code, stdout } = await run([main, '--validate'], {
      OUTCRY_DATA_DIR: path.join(folder, name),
    });
    expect(code).toBe(0);
    expect(stdout).toContain('valid');
    expect(existsSync(path.join(folder, name))).toBe(false);
  });

  it('names every broken setting at once, with exit code 78', async () => {
    const broken = {
      OUTCRY_PARTITIONS: '0',
      OUTCRY_LOG_LEVEL: 'loud',
      OUTCRY_METRICS_PORT: 'http',
    };
    const { code, stderr } = await run([main, '--validate'], broken);
    expect(code).toBe(78);
    for (const setting of Object.keys(broken)) expect(stderr).toContain(setting);
  });

  it('lists its settings', async () => {
    const { code, stdout } = await run([main, '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('OUTCRY_LOG_LEVEL');
  });
});

describe('npm start without a network', () => {
  it('says which sources it cannot reach, keeps serving, and stops in order', async () => {
    const process = startProcess('standalone', {
      OUTCRY_DATA_DIR: path.join(folder, 'offline'),
      // Nothing listens there: what a machine without a network meets, at once.
      OUTCRY_BLUESKY_HOSTS: 'ws://127.0.0.1:9/subscribe',
    });
    const address = await process.address;
    await until('the source to be told blind', () =>
      /bluesky is blind: unreachable/.test(process.log()) ? true : undefined,
    );
    const sources = await until('the page to know', async () => {
      const all = (await (await fetch(`${address}/v1/sources`)).json()) as {
        source: string;
        state: string;
      }[];
      return all.find(({ source, state }) => source === 'bluesky' && state === 'blind') && all;
    });
    expect(sources).toContainEqual(expect.objectContaining({ source: 'reports', state: 'seeing' }));
    const report = await fetch(`${address}/v1/reports`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ target: 'spotify', type: 'login' }),
    });
    expect(report.status).toBe(202);
    expect((await fetch(`${address}/readyz`)).status).toBe(200);
    expect(await process.stop()).toBe(0);
  });
});

describe('bad input at the report door', () => {
  it('gets a clear answer of its kind, and harms nothing', async () => {
    const process = startProcess('standalone', {
      OUTCRY_DATA_DIR: path.join(folder, 'doors'),
      OUTCRY_LIVE: 'false',
    });
    const address = await process.address;
    const post = (body: string | Uint8Array, type = 'application/json') =>
      fetch(`${address}/v1/reports`, { method: 'POST', headers: { 'content-type': type }, body });
    const bad: [string | Uint8Array, number][] = [
      ['{"target":7,"type":"nonsense"}', 422],
      ['{"target":"spotify"', 400],
      [new Uint8Array([0x7b, 0xff, 0x7d]), 400],
      [`{"target":"spotify","type":"login","text":"${'x'.repeat(2_000_000)}"}`, 413],
      ['{"target":"no-such-target-anywhere","type":"login"}', 422],
    ];
    for (const [body, status] of bad) {
      const answer = await post(body);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        status,
        expect.stringContaining('application/problem+json'),
      ]);
    }
    expect((await post('target=spotify', 'application/x-www-form-urlencoded')).status).toBe(415);
    expect((await post('{"target":"spotify","type":"login"}')).status).toBe(202);
    expect(await process.stop()).toBe(0);
  });
});

describe('a start that cannot succeed', () => {
  it('says in one line that the port is taken, and ends with 69', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { code, stderr } = await run(['services/standalone/src/main.ts'], {
      OUTCRY_DATA_DIR: path.join(folder, 'taken'),
      OUTCRY_LIVE: 'false',
      OUTCRY_HTTP_PORT: String(port),
    });
    server.close();
    expect(code).toBe(69);
    expect(stderr).toMatch(/cannot start: .*EADDRINUSE/);
    expect(stderr).not.toContain('    at ');
  });

  it('tells what is wrong with the catalogue, by file and line', async () => {
    const catalog = path.join(folder, 'bad.yaml');
    writeFileSync(catalog, 'targets:\n  - id: Not Good\n');
    const { code, stderr } = await run(['services/classifier/src/main.ts'], {
      OUTCRY_DATA_DIR: path.join(folder, 'bad'),
      OUTCRY_METRICS_PORT: '0',
      OUTCRY_CATALOG: catalog,
    });
    expect(code).toBe(69);
    expect(stderr).toMatch(/bad\.yaml:2:\d+: /);
  });
});
