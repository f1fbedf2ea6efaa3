import type { Check, OutageEvent } from '@outcry/contracts';
import type { EvidenceRise } from './rise.ts';

type Cause = NonNullable<OutageEvent['cause']>;

/** Another outage that is open at the same time. */
export interface Neighbour {
  target: string;
  startedAt: string;
  countries: readonly string[];
  isEcho: boolean;
}

/** Outages that begin within this time of each other may have one cause. */
const togetherMs = 15 * 60_000;
/** Share of the platform's excess from which an outage is one platform's. */
const onePlatform = 0.8;

/**
 * The likely class of cause, where something speaks for one. A guess with its evidence, never part
 * of the decision that there is an outage.
 */
export function guessCause(
  rise: EvidenceRise,
  scope: { countries: readonly string[]; types: readonly string[] },
  checks: readonly Check[],
  neighbours: readonly Neighbour[],
  dependencies: readonly string[],
): Cause | undefined {
  const near = neighbours.filter(
    (one) =>
      !one.isEcho && Math.abs(Date.parse(one.startedAt) - Date.parse(rise.onset)) <= togetherMs,
  );
  const needed = near.filter((one) => dependencies.includes(one.target));
  if (needed.length > 0) {
    return {
      class: 'dependency',
      evidence: needed.map((one) => `it depends on ${one.target}, which fails too`),
    };
  }
  const probes = checks.filter(
    (check) => check.method === 'probe' && check.errorClass !== undefined,
  );
  const network = probes.filter((check) => isNetwork(check.errorClass));
  if (network.length > 0) return { class: 'cdn-or-dns', evidence: network.map(probeWords) };
  const alike = near.filter(
    (one) => one.countries.length === 1 && one.countries[0] === scope.countries[0],
  );
  if (scope.countries.length === 1 && scope.types[0] === 'connection' && alike.length >= 2) {
    return {
      class: 'mobile-network',
      evidence: [`${alike.length} other targets fail in ${scope.countries[0]} at the same time`],
    };
  }
  if (near.length >= 3) {
    return {
      class: 'cdn-or-dns',
      evidence: [`${near.length} other targets began to fail at the same time`],
    };
  }
  const served = probes.filter((check) => check.errorClass === 'http_5xx');
  if (served.length > 0) return { class: 'own-servers', evidence: served.map(probeWords) };
  return guessRelease(rise);
}

function guessRelease(rise: EvidenceRise): Cause | undefined {
  let excess = 0;
  let most = { key: '', excess: 0 };
  for (const part of rise.platforms) {
    const here = Math.max(0, part.observed - part.expected);
    excess += here;
    if (here > most.excess) most = { key: part.key, excess: here };
  }
  const apps = most.key === 'ios' || most.key === 'android';
  if (!apps || most.excess < 8 || most.excess < onePlatform * excess) return undefined;
  const share = Math.round((100 * most.excess) / excess);
  return {
    class: 'app-release',
    evidence: [`${share}% of those who name a platform use ${most.key}`],
  };
}

function isNetwork(errorClass: Check['errorClass']): boolean {
  return errorClass === 'dns' || errorClass === 'connect' || errorClass === 'tls';
}

function probeWords(check: Check): string {
  return `probe ${check.subject}: ${check.errorClass} at ${check.occurredAt}`;
}
