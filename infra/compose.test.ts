import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts, versions } from '@outcry/stack';
import { DCLinter } from 'dclint';
import { describe, expect, it } from 'vitest';
import { readCompose } from './compose-file.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const file = path.join(root, 'docker-compose.yml');
const compose = readCompose(file);
const services = Object.entries(compose.services);

// Services of the project are those that the image is built for; the rest are servers.
const ours = services.filter(([, service]) => service.build !== undefined);
const stages = ours.filter(([, service]) => programOf(service.command)?.startsWith('services/'));

// These are commands, or all stages in one process, and so not part of a distributed Outcry.
const NOT_A_STAGE = new Set(['cli', 'reprocess', 'standalone']);

type LintResult = { messages: { line: number; rule: string; message: string }[] };

function programOf(command: string[] | undefined): string | undefined {
  return command?.find((word) => /\.(ts|mjs)$/.test(word));
}

describe('docker-compose.yml', () => {
  it('follows the schema of the compose specification', () => {
    // The order of keys follows the reader's needs here, not the linter's.
    const order = [
      'service-keys-order',
      'services-alphabetical-order',
      'top-level-properties-order',
    ];
    const rules = Object.fromEntries(order.map((name) => [name, 0 as const]));
    const linter = new DCLinter({ rules, quiet: false, debug: false, exclude: [] });
    const results: LintResult[] = linter.lintFiles([file], false);
    const messages = results.flatMap((result) => result.messages);
    expect(messages.map(({ line, rule, message }) => `${line} ${rule}: ${message}`)).toEqual([]);
  });

  it('has every service that has a main.ts', () => {
    const folders = readdirSync(path.join(root, 'services')).filter(
      (name) =>
        !NOT_A_STAGE.has(name) && existsSync(path.join(root, 'services', name, 'src', 'main.ts')),
    );
    expect(stages.map(([name]) => name)).toEqual(expect.arrayContaining(folders));
  });

  it.each(stages)('runs %s from the folder of that name', (name, service) => {
    expect(service.command).toEqual(['node', `services/${name}/src/main.ts`]);
  });

  it.each(ours)('names a program for %s that exists', (_, service) => {
    expect(existsSync(path.join(root, programOf(service.command) ?? '?'))).toBe(true);
  });

  it.each(services)('lets %s wait only for what can become ready', (_, service) => {
    for (const [target, { condition }] of Object.entries(service.depends_on ?? {})) {
      const other = compose.services[target];
      expect(other, `${target} is a service`).toBeDefined();
      if (condition === 'service_healthy') {
        expect(other?.healthcheck?.test, `${target} has a health check`).toBeDefined();
      }
    }
  });

  it.each(services)('bounds the memory and processors of %s, and restarts it', (_, service) => {
    const limits = service.deploy?.resources?.limits;
    expect(limits?.memory).toMatch(/^\d+M$/);
    expect(Number(limits?.cpus)).toBeGreaterThan(0);
    expect(service.restart).toMatch(/^(unless-stopped|on-failure:\d+)$/);
  });

  it.each(services)('publishes the ports of %s on this machine only', (_, service) => {
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  it.each(stages)('has %s listen to where its published ports lead', (_, service) => {
    for (const port of service.ports ?? []) {
      const inside = port.split(':')[2];
      const [name] =
        Object.entries(service.environment ?? {}).find(([, value]) => value === inside) ?? [];
      expect(name).toMatch(/_PORT$/);
      expect(service.environment?.[name?.replace(/_PORT$/, '_HOST') ?? '']).toBe('0.0.0.0');
    }
  });

  it('declares the volumes that services use, and no other', () => {
    const used = services
      .flatMap(([, service]) => service.volumes ?? [])
      .map((volume) => volume.split(':')[0]);
    expect([...new Set(used)].toSorted()).toEqual(Object.keys(compose.volumes).toSorted());
  });

  it('runs the servers in the versions that are tested', () => {
    expect(compose.services.kafka?.image).toBe(`apache/kafka:${versions.kafka}`);
    for (const name of ['elasticsearch', 'kibana']) {
      expect(compose.services[name]?.image).toBe(
        `docker.elastic.co/${name}/${name}:${versions.elasticsearch}`,
      );
    }
  });

  it('advertises Kafka under the address that the services are given', () => {
    const advertised = compose.services.kafka?.environment?.KAFKA_ADVERTISED_LISTENERS ?? '';
    for (const [, service] of stages) {
      expect(advertised).toContain(`INTERNAL://${service.environment?.KAFKA_BROKERS}`);
    }
  });
});

describe.each(stages)('the environment of %s', (_, service) => {
  const main = path.join(root, service.command?.[1] ?? '');
  const run = (option: string) =>
    spawnSync(process.execPath, [main, option], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, ...imageEnvironment(), ...service.environment },
    });

  it('satisfies the service', { timeout: 30_000 }, () => {
    const { status, stdout, stderr } = run('--validate');
    expect({ status, said: `${stdout}${stderr}` }).toMatchObject({ status: 0 });
  });

  it('has no name that the service does not know', { timeout: 30_000 }, () => {
    const { stdout } = run('--help');
    for (const name of Object.keys(service.environment ?? {})) {
      expect(stdout).toMatch(new RegExp(`^\\s*${name}\\b`, 'm'));
    }
  });
});

describe('the health check', () => {
  const check = (port: number, at: string) =>
    spawnSync(process.execPath, [path.join(root, 'infra/image/health.mjs'), at], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, OUTCRY_METRICS_PORT: String(port) },
    });

  it('passes while a service is well, and no longer when it is gone', async () => {
    const [port = 0] = await freePorts(1);
    const dataDir = mkdtempSync(path.join(tmpdir(), 'outcry-health-'));
    const child = spawn(process.execPath, [path.join(root, 'services/indexer/src/main.ts')], {
      stdio: 'ignore',
      env: {
        PATH: process.env.PATH,
        OUTCRY_DATA_DIR: dataDir,
        OUTCRY_METRICS_PORT: String(port),
      },
    });
    await expect
      .poll(() => check(port, '/readyz').status, { timeout: 30_000, interval: 200 })
      .toBe(0);
    expect(check(port, '/healthz').status).toBe(0);
    child.kill('SIGTERM');
    await once(child, 'exit');
    rmSync(dataDir, { recursive: true });
    const { status, stderr } = check(port, '/readyz');
    expect(status).toBe(1);
    expect(stderr).toContain('/readyz');
  }, 60_000);
});

/** The ENV lines of the last stage of the Dockerfile. */
function imageEnvironment(): Record<string, string> {
  const dockerfile = readFileSync(path.join(root, 'infra/image/Dockerfile'), 'utf8');
  const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
  const block = /^ENV ((?:.*\\\n)*.*)$/m.exec(last)?.[1] ?? '';
  return Object.fromEntries([...block.matchAll(/(\w+)=(\S+)/g)].map((m) => [m[1], m[2]]));
}
