/** The date that was read last, and its midnight: records of one day follow each other. */
let date = '';
let midnight = 0;

/**
 * Epoch milliseconds of an instant in the contract's form (2025-04-16T12:20:05.000Z): the same number as
 * `Date.parse`, several times faster, for it is asked for twice per record.
 */
export function timeOf(instant: string): number {
  if (instant.length !== 24) return Date.parse(instant);
  const day = instant.slice(0, 10);
  if (day !== date) {
    midnight = Date.parse(day);
    date = day;
  }
  const minutes = pair(instant, 11) * 60 + pair(instant, 14);
  const milliseconds = (instant.charCodeAt(20) - zero) * 100 + pair(instant, 21);
  return midnight + (minutes * 60 + pair(instant, 17)) * 1000 + milliseconds;
}

const zero = '0'.charCodeAt(0);

function pair(text: string, at: number): number {
  return (text.charCodeAt(at) - zero) * 10 + text.charCodeAt(at + 1) - zero;
}
