import type { Check } from '@outcry/contracts';
import { createRandom } from '../random.ts';
import type { World } from './world.ts';
import { hourMs, minuteMs } from './world.ts';

/**
 * What probes and official pages say: the page when it admits an outage (late, see `drawOutage`) and
 * when it closes it; a probe once an hour, at the turns of large worldwide outages, and now and then
 * wrongly, for probes fail by themselves too.
 */
export function drawChecks(world: World): Check[] {
  const checks: Check[] = [];
  const add = (
    target: string,
    method: Check['method'],
    at: number,
    fields: Partial<Check> & Pick<Check, 'outcome' | 'subject'>,
  ): void => {
    const time = new Date(Math.floor(at)).toISOString();
    const source = method === 'probe' ? 'simulation:probe' : 'simulation:status';
    checks.push({
      kind: 'check',
      id: `${source}:${target}-${checks.length}`,
      source,
      target,
      method,
      occurredAt: time,
      observedAt: time,
      ...fields,
    });
  };

  for (const outage of world.outages) {
    if (outage.echo !== undefined) continue;
    const after = outage.officialAfterMinutes;
    const admitted = after === null ? undefined : outage.startedAt + after * minuteMs;
    const random = createRandom(`${world.seed}/checks/${outage.id}`);
    const countries = outage.countries.length > 0 ? { countries: [...outage.countries] } : {};
    if (admitted !== undefined && admitted < outage.endedAt) {
      const officialStartedAt = new Date(admitted).toISOString();
      const closed = outage.endedAt + random.uniform(5, 40) * minuteMs;
      add(outage.target, 'official-status', admitted, {
        outcome: outage.multiplier > 10 ? 'down' : 'degraded',
        subject: 'simulated incident',
        officialStartedAt,
        ...countries,
      });
      add(outage.target, 'official-status', closed, {
        outcome: 'up',
        subject: 'simulated incident',
        officialStartedAt,
        officialResolvedAt: new Date(Math.floor(closed)).toISOString(),
        ...countries,
      });
    }
    // A probe sees a worldwide failure of servers half of the time: many outages spare the front page.
    if (outage.scope === 'worldwide' && outage.multiplier > 5 && random.chance(0.5)) {
      for (let at = outage.startedAt + minuteMs; at < outage.endedAt; at += 5 * minuteMs) {
        add(outage.target, 'probe', at, {
          outcome: 'down',
          errorClass: 'http_5xx',
          subject: 'simulated front page',
        });
      }
      add(outage.target, 'probe', outage.endedAt + minuteMs, {
        outcome: 'up',
        subject: 'simulated front page',
      });
    }
  }
  for (const target of world.targets) {
    const random = createRandom(`${world.seed}/probes/${target.id}`);
    for (let at = world.start + random.uniform(0, hourMs); at < world.end; at += hourMs) {
      add(target.id, 'probe', at, {
        outcome: 'up',
        subject: 'simulated front page',
        durationMs: Math.round(random.logNormal(180, 0.5)),
      });
      if (random.chance(1 / 400)) {
        const blip = at + random.uniform(5, 50) * minuteMs;
        add(target.id, 'probe', blip, {
          outcome: 'down',
          errorClass: 'timeout',
          subject: 'simulated front page',
        });
        add(target.id, 'probe', blip + minuteMs, {
          outcome: 'up',
          subject: 'simulated front page',
        });
      }
    }
  }
  return checks.filter((check) => Date.parse(check.observedAt) < world.end);
}
