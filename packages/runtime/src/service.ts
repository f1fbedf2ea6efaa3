import { commonSettings } from './common-settings.ts';
import { explainError } from './errors.ts';
import type { Health } from './health.ts';
import { createHealth, serveHealth } from './health.ts';
import type { Logger } from './logger.ts';
import { createLogger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import { createMetrics } from './metrics.ts';
import type { Settings, Values } from './settings.ts';
import { ConfigError, describeSettings, readSettings } from './settings.ts';

/** Exit codes, after sysexits.h where it has one. */
export const exitCodes = { ok: 0, failure: 1, usage: 64, unavailable: 69, config: 78 } as const;

export interface ServiceOptions<S extends Settings> {
  name: string;
  /** One sentence for `--help`. */
  about: string;
  settings: S;
  /** Further checks of the settings together; each returned line is a problem. */
  check?(config: Values<S>): string[];
  /** Whether /healthz, /readyz and /metrics get a server of their own. Default true. */
  ownHealthServer?: boolean;
}

/** A service's own settings beside those that every service has. */
export type Config<S extends Settings> = Values<S> & Values<typeof commonSettings>;

/** What a process has from its start to its stop. */
export interface Service<S extends Settings> {
  readonly name: string;
  readonly config: Config<S>;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
  /** Registers what must be closed at the end; closing runs in the reverse order of opening. */
  use<T>(resource: T, close: (resource: T) => Promise<void> | void): T;
  /** Tells the world that the process is ready, then waits for a signal or for `work` to end. */
  run(work?: readonly Promise<unknown>[]): Promise<void>;
}

/**
 * Begins a process: reads its settings once, and offers `--help` and `--validate`, both of which end
 * the process. All problems of the settings are told together, with exit code 78.
 */
export async function beginService<S extends Settings>(
  options: ServiceOptions<S>,
): Promise<Service<S>> {
  const settings = { ...options.settings, ...commonSettings };
  if (process.argv.includes('--help')) {
    console.log(
      `${options.name}: ${options.about}\n\nUsage: main.ts [--validate | --help]\n\nSettings (environment):\n${describeSettings(settings)}`,
    );
    process.exit(exitCodes.ok);
  }
  const config: Config<S> = readOrExit(options.name, settings, options.check);
  if (process.argv.includes('--validate')) {
    console.log(`${options.name}: the configuration is valid`);
    process.exit(exitCodes.ok);
  }

  const log = createLogger({
    service: options.name,
    level: config.OUTCRY_LOG_LEVEL,
    format: config.OUTCRY_LOG_FORMAT,
  });
  const metrics = createMetrics(log);
  const health = createHealth();
  const closers: (() => Promise<void> | void)[] = [];
  const stopped = whenSignalled(log);
  // What nobody expected, at the start (a taken port, a broken catalogue) or later: one line that says
  // what is wrong, and an end, because nobody knows what state the process is in.
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error) => fail(log, error, health.started ? 'stopping' : 'cannot start'));
  }

  if (options.ownHealthServer !== false) {
    const server = await serveHealth({
      health,
      metrics: async () => ({
        type: metrics.registry.contentType,
        text: await metrics.registry.metrics(),
      }),
      host: config.OUTCRY_METRICS_HOST,
      port: config.OUTCRY_METRICS_PORT,
    }).catch((error) => fail(log, error));
    closers.push(() => server.close());
    log.info({ port: server.port }, 'health and metrics are served');
  }

  return {
    name: options.name,
    config,
    log,
    metrics,
    health,
    use(resource, close) {
      closers.push(() => close(resource));
      return resource;
    },
    async run(work = []) {
      health.started = true;
      log.info('ready');
      let code: number = exitCodes.ok;
      try {
        await Promise.race([stopped, ...work]);
      } catch (error) {
        log.error({ err: error }, `stopping: ${explainError(error)}`);
        code = exitCodes.failure;
      }
      health.stopping = true;
      code = await closeAll(closers, log, config.OUTCRY_SHUTDOWN_SECONDS, code);
      process.exit(code);
    },
  };
}

function readOrExit<S extends Settings>(
  name: string,
  settings: S & typeof commonSettings,
  check: ((config: Values<S>) => string[]) | undefined,
): Config<S> {
  try {
    const config = readSettings(settings, process.env) as Config<S>;
    const problems = check?.(config) ?? [];
    if (problems.length > 0) throw new ConfigError(problems);
    return config;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(`${name}: ${error.message}`);
    process.exit(exitCodes.config);
  }
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
function whenSignalled(log: Logger): Promise<void> {
  return new Promise((resolve) => {
    let signalled = false;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (signalled) process.exit(exitCodes.failure);
        signalled = true;
        log.info({ signal }, 'stopping in order');
        resolve();
      });
    }
  });
}

async function closeAll(
  closers: readonly (() => Promise<void> | void)[],
  log: Logger,
  seconds: number,
  code: number,
): Promise<number> {
  const timer = setTimeout(() => {
    log.error({ seconds }, 'the ordered stop took too long');
    process.exit(exitCodes.failure);
  }, seconds * 1_000);
  timer.unref();
  let result = code;
  for (const close of closers.toReversed()) {
    try {
      await close();
    } catch (error) {
      log.error({ err: error }, `closing failed: ${explainError(error)}`);
      result = exitCodes.failure;
    }
  }
  clearTimeout(timer);
  if (result === exitCodes.ok) log.info('stopped');
  return result;
}

function fail(log: Logger, error: unknown, what = 'cannot start'): never {
  log.fatal(
    { err: log.isLevelEnabled('debug') ? error : undefined },
    `${what}: ${explainError(error)}`,
  );
  process.exit(what === 'cannot start' ? exitCodes.unavailable : exitCodes.failure);
}
