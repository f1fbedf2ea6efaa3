/**
 * Epoch milliseconds as the contracts write instants. Remembers the last minute's text, because a
 * simulation writes millions of them close together and `toISOString` is slow.
 */
export function createInstantWriter(): (at: number) => string {
  let minute = Number.NaN;
  let prefix = '';
  return (at) => {
    const whole = Math.floor(at);
    const start = whole - (whole % 60_000);
    if (start !== minute) {
      minute = start;
      prefix = new Date(start).toISOString().slice(0, 17);
    }
    const ms = whole - start;
    const seconds = Math.floor(ms / 1000);
    const rest = ms - seconds * 1000;
    return `${prefix}${seconds < 10 ? '0' : ''}${seconds}.${rest < 10 ? '00' : rest < 100 ? '0' : ''}${rest}Z`;
  };
}
