import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCompose } from '../../infra/compose-file.ts';
import { buildByHand } from '../../infra/image/build-by-hand.ts';
import { startFakeKibana } from '../../infra/kibana/fake-kibana.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const compose = readCompose(path.join(root, 'docker-compose.yml'));
const services = Object.entries(compose.services).filter(([name]) =>
  existsSync(path.join(root, 'services', name)),
);

// The recipe of the image is carried out in a folder, so that what it leaves out is missed here: a
// package that is no production dependency, a file that .dockerignore keeps away.
describe('the image, built by hand', { timeout: 60_000 }, () => {
  let folder = '';
  let app = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'outcry-image-'));
    app = path.join(buildByHand(root, 'infra/image/Dockerfile', folder), 'app');
  }, 600_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(services)('starts %s with its environment of the compose file', (_, service) => {
    const main = path.join(app, service.command?.[1] ?? '');
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, '--validate'], {
      cwd: app,
      encoding: 'utf8',
      env: { NODE_ENV: 'production', ...service.environment },
    });
    expect({ status, said: `${stdout}${stderr}` }).toMatchObject({ status: 0 });
  });

  it('brings its objects into a Kibana', async () => {
    const kibana = await startFakeKibana({ starting: ['not-ready'] });
    const command = compose.services['kibana-import']?.command ?? [];
    const args = command
      .slice(1)
      .map((word) => (word === 'http://kibana:5601' ? kibana.url : word));
    const child = spawn(process.execPath, args, { cwd: app, stdio: 'ignore' });
    const [code] = await once(child, 'exit');
    const held = kibana.objects.get('default')?.size;
    await kibana.close();
    expect(code).toBe(0);
    expect(held).toBeGreaterThan(0);
  });

  it('runs the command line', () => {
    const outcry = path.join(app, 'services/cli/src/main.ts');
    const { status, stdout, stderr } = spawnSync(process.execPath, [outcry, '--help'], {
      cwd: app,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('classify');
  });

  it('has the web page', () => {
    expect(existsSync(path.join(app, 'packages/dashboard/dist/index.html'))).toBe(true);
  });

  it('has no tests, no build tools and no Node of its own', () => {
    for (const name of ['test', 'bench', '.git', 'node_modules/vitest', 'node_modules/node']) {
      expect(existsSync(path.join(app, name)), name).toBe(false);
    }
  });
});
