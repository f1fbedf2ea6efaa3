import type { Logger as PinoLogger } from 'pino';
import { pino } from 'pino';

export type Logger = PinoLogger;

/**
 * The log of a process, on standard error so that pipes keep standard output for data. Levels: WARN
 * means that no data was lost, ERROR that an operator must act.
 */
export function createLogger(options: {
  service: string;
  level: string;
  format: 'auto' | 'json' | 'pretty';
}): Logger {
  const pretty =
    options.format === 'pretty' || (options.format === 'auto' && process.stderr.isTTY === true);
  const settings = {
    level: options.level,
    base: { service: options.service },
    // A second fence: nothing should log these, and if it does, the value does not get out.
    redact: {
      paths: [
        '*.authorization',
        '*.secret',
        '*.token',
        '*.apiKey',
        '*.password',
        '*.ip',
        '*.cookie',
      ],
      censor: '[redacted]',
    },
  };
  if (!pretty) return pino(settings, pino.destination({ dest: 2, sync: true }));
  return pino({
    ...settings,
    transport: {
      target: 'pino-pretty',
      options: { destination: 2, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' },
    },
  });
}
