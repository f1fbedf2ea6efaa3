import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { savedObjects } from './build.ts';
import type { FakeKibana, FakeKibanaOptions } from './fake-kibana.ts';
import { startFakeKibana } from './fake-kibana.ts';
import { importKibanaObjects } from './import.ts';

const run = promisify(execFile);
const command = fileURLToPath(new URL('./import.ts', import.meta.url));

describe('importing into Kibana', () => {
  const running: FakeKibana[] = [];
  const start = async (options?: FakeKibanaOptions): Promise<FakeKibana> => {
    const kibana = await startFakeKibana(options);
    running.push(kibana);
    return kibana;
  };
  afterEach(async () => {
    for (const kibana of running.splice(0)) await kibana.close();
  });

  const held = (kibana: FakeKibana, space = 'default') => [...kibana.objects.get(space)!.values()];

  it('brings every object, and again over what is there', async () => {
    const kibana = await start();
    const all = { imported: savedObjects.length };
    expect(await importKibanaObjects({ url: kibana.url })).toEqual(all);
    expect(await importKibanaObjects({ url: `${kibana.url}/` })).toEqual(all);
    expect(held(kibana)).toEqual(savedObjects);
  });

  it('waits until Kibana is available and says what it waits for', async () => {
    const kibana = await start({
      starting: ['not-ready', 'not-ready', 'unavailable', 'degraded'],
    });
    const said: string[] = [];
    await importKibanaObjects({
      url: kibana.url,
      pollMs: 1,
      onProgress: (line) => said.push(line),
    });
    expect(kibana.statusRequests).toBe(5);
    expect(said).toEqual([
      `waiting for Kibana at ${kibana.url}: answered 503: Kibana server is not ready yet`,
      `waiting for Kibana at ${kibana.url}: unavailable`,
      `waiting for Kibana at ${kibana.url}: degraded`,
      'Kibana is available; importing',
      `${savedObjects.length} objects imported`,
    ]);
    expect(held(kibana)).toHaveLength(savedObjects.length);
  });

  it('gives up when Kibana does not become available, and says that it may later', async () => {
    const kibana = await start({ starting: Array.from({ length: 100 }, () => 'unavailable') });
    await expect(
      importKibanaObjects({ url: kibana.url, pollMs: 5, timeoutMs: 30 }),
    ).rejects.toMatchObject({ retriable: true, message: expect.stringContaining('unavailable') });
    expect(held(kibana)).toEqual([]);
  });

  it('names the reason when nobody answers', async () => {
    const kibana = await start();
    await kibana.close();
    await expect(
      importKibanaObjects({ url: kibana.url, pollMs: 1, timeoutMs: 5 }),
    ).rejects.toMatchObject({ retriable: true, message: expect.stringContaining('ECONNREFUSED') });
  });

  it('takes an answer of 200 without success for the failure that it is', async () => {
    const kibana = await start({ refuses: { 'outcry-overview': 'Unable to migrate' } });
    await expect(importKibanaObjects({ url: kibana.url })).rejects.toMatchObject({
      retriable: false,
      message: expect.stringContaining('dashboard outcry-overview: unknown (Unable to migrate)'),
    });
    expect(held(kibana)).toEqual([]);
  });

  it('brings them into a space, and says when there is no such space', async () => {
    const kibana = await start({ spaces: ['ops'] });
    await importKibanaObjects({ url: kibana.url, space: 'ops' });
    expect(held(kibana, 'ops')).toHaveLength(savedObjects.length);
    expect(held(kibana)).toEqual([]);
    await expect(importKibanaObjects({ url: kibana.url, space: 'gone' })).rejects.toThrow(
      'has no space named gone',
    );
    await expect(importKibanaObjects({ url: kibana.url, space: '../x' })).rejects.toThrow(
      'is no name of a space',
    );
  });

  it('shows its key, and says when it is refused', async () => {
    const kibana = await start({ apiKey: 'right' });
    await importKibanaObjects({ url: kibana.url, apiKey: 'right' });
    await expect(importKibanaObjects({ url: kibana.url })).rejects.toThrow('KIBANA_API_KEY');
  });

  it('points the data views at the indices of another prefix', async () => {
    const kibana = await start();
    await importKibanaObjects({ url: kibana.url, prefix: 'blue' });
    const views = held(kibana).filter(({ type }) => type === 'index-pattern');
    expect(views.map(({ id, attributes }) => [id, attributes.title])).toEqual([
      ['outcry-signals', 'blue-signals'],
      ['outcry-outages', 'blue-outages'],
      ['outcry-outage-events', 'blue-outage-events'],
    ]);
  });

  it('is a command that ends with the address of the dashboard, or in one sentence', async () => {
    const kibana = await start();
    const { stdout } = await run(process.execPath, [command, '--url', kibana.url]);
    expect(stdout.trim()).toBe(`${kibana.url}/app/dashboards#/view/outcry-overview`);
    const failed = run(process.execPath, [command, '--url', kibana.url, '--space', 'gone']);
    await expect(failed).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/has no space named gone\n$/),
    });
  });

  it('would be refused without the header that Kibana wants of every change', async () => {
    const kibana = await start();
    const response = await fetch(`${kibana.url}/api/saved_objects/_import`, { method: 'POST' });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('kbn-xsrf');
  });
});
