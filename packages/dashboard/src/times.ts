const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});
const shortDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const zone = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'shortOffset' });
const utcClock = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
});
const utcShortDay = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  timeZone: 'UTC',
});

/** The reader's own offset at that time of the year: `UTC+2`. */
export function zoneWord(instant: string): string {
  const part = zone.formatToParts(new Date(instant)).find(({ type }) => type === 'timeZoneName');
  return (part?.value ?? 'UTC').replace('GMT', 'UTC').replace(/[+]0$/, '');
}

/** `14:18` in the reader's zone, with the day where it is another one than that of `reference`. */
export function clockWord(instant: string, reference = instant): string {
  const date = new Date(instant);
  const sameDay = day.format(date) === day.format(new Date(reference));
  return sameDay ? clock.format(date) : `${shortDay.format(date)}, ${clock.format(date)}`;
}

/** `12:18 UTC`, with the day where it is another one there than here. */
export function utcWord(instant: string): string {
  const date = new Date(instant);
  const there = utcShortDay.format(date);
  const time = `${utcClock.format(date)} UTC`;
  return there === shortDay.format(date) ? time : `${there}, ${time}`;
}

/** `Wed, 16 Apr 2025, 14:40 UTC+2 (12:40 UTC)`: for whoever reads it elsewhere. */
export function momentWord(instant: string): string {
  const here = `${day.format(new Date(instant))}, ${clock.format(new Date(instant))} ${zoneWord(instant)}`;
  return zoneWord(instant) === 'UTC' ? here : `${here} (${utcWord(instant)})`;
}

/** How long between two instants: `7 min`, `2 h 5 min`, `3 days`. */
export function spanWord(from: string, to: string): string {
  const minutes = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 60_000));
  if (minutes < 60) return `${minutes} min`;
  if (minutes >= 48 * 60) return `${Math.round(minutes / 1_440)} days`;
  const rest = minutes % 60;
  return rest === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}
