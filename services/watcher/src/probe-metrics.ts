import type { Metrics } from '@outcry/runtime';
import type { ProbeOptions } from '@outcry/sources';
import { Counter, Gauge } from 'prom-client';

export interface WatchMetrics {
  onResult: NonNullable<ProbeOptions['onResult']>;
  count(source: string, event: string, amount: number): void;
}

/** The last look at each address, under the names that blackbox_exporter made usual. */
export function createWatchMetrics({ registry }: Pick<Metrics, 'registry'>): WatchMetrics {
  const gauge = (name: string, help: string, more: readonly string[] = []) =>
    new Gauge({ name, help, labelNames: ['target', 'url', ...more], registers: [registry] });
  const success = gauge('probe_success', '1 when the last look was well');
  const duration = gauge('probe_duration_seconds', 'how long the last look took');
  const phases = gauge('probe_http_duration_seconds', 'how long each phase took', ['phase']);
  const status = gauge('probe_http_status_code', 'status of the last answer, 0 without one');
  const certificate = gauge(
    'probe_ssl_earliest_cert_expiry',
    'Unix time of the end of the certificate',
  );
  const events = new Counter({
    name: 'outcry_watch_events_total',
    help: 'looks at addresses and pages by what came of them',
    labelNames: ['source', 'event'],
    registers: [registry],
  });

  return {
    count: (source, event, amount) => events.inc({ source, event }, amount),
    onResult(target, { url }, result) {
      const labels = { target, url };
      success.set(labels, result.verdict === 'up' ? 1 : 0);
      duration.set(labels, result.durationMs / 1_000);
      status.set(labels, result.status ?? 0);
      for (const [phase, ms] of Object.entries(result.phases))
        phases.set({ ...labels, phase }, ms / 1_000);
      if (result.certificateEndsAt !== undefined)
        certificate.set(labels, result.certificateEndsAt / 1_000);
    },
  };
}
