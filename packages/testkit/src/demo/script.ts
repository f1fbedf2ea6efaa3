/**
 * What happens on the demo day, 16 April 2025, all in UTC. The outage follows the public timeline of
 * Spotify's: a change at 12:18, traffic falls at 12:20, most reports about 12:35, the first official
 * word at 12:45, recovery by about 15:45, Asia-Pacific untouched. The volume does not: trackers
 * counted 48,185 reports at the peak, here it is about a hundred complaints a minute.
 */
const day = (time: string): number => Date.parse(`2025-04-16T${time}:00.000Z`);

export const script = {
  from: day('00:00'),
  to: day('17:00'),
  outage: {
    target: 'spotify',
    startsAt: day('12:18'),
    peaksAt: day('12:35'),
    officialAt: day('12:45'),
    recoversFrom: day('15:20'),
    endsAt: day('15:45'),
    officialEndAt: day('15:50'),
    /** Complaints a minute at the peak, posts and reports together. */
    peakPerMinute: 100,
  },
  /** A joke about another service goes round: much talk, no fault. */
  meme: { target: 'netflix', from: day('09:20'), to: day('11:40'), peakPerMinute: 14 },
  /** Another service's campaign makes people post their statistics. */
  campaign: { target: 'duolingo', from: day('06:00'), to: day('12:00'), peakPerMinute: 9 },
  /** One of the sources cannot see for ten minutes, in the middle of the outage. */
  blind: { source: 'simulation:mastodon', from: day('14:05'), to: day('14:15') },
} as const;

/** Complaints about the outage relative to its peak, 0 to 1. */
export function outageStrength(at: number): number {
  const { startsAt, peaksAt, recoversFrom, endsAt } = script.outage;
  const minutes = (at - startsAt) / 60_000;
  if (minutes < 0) return 0;
  // Two minutes pass until music that was already loaded ends and people look at their phones.
  if (minutes < 2) return 0.03 + 0.06 * minutes;
  if (at < peaksAt) return 0.15 + 0.85 * ((minutes - 2) / 15) ** 0.8;
  const settled = (time: number): number =>
    0.38 + 0.62 * Math.exp(-(time - peaksAt) / (35 * 60_000));
  if (at < recoversFrom) return settled(at);
  if (at < endsAt) {
    return settled(recoversFrom) * (1 - 0.95 * ((at - recoversFrom) / (endsAt - recoversFrom)));
  }
  return 0.02 * Math.exp(-(at - endsAt) / (6 * 60_000));
}

/** A hump between two times, 0 to 1, early or in the middle. */
export function hump(at: number, from: number, to: number, early: boolean): number {
  if (at < from || at >= to) return 0;
  const part = (at - from) / (to - from);
  if (!early) return Math.sin(Math.PI * part);
  return Math.min(1, part / 0.15) * Math.exp(-2.5 * Math.max(0, part - 0.15));
}

/** The services that people talk about all day, with posts a minute at a normal hour. */
export const talkedAbout: readonly { id: string; name: string; talk: number; music?: boolean }[] = [
  { id: 'spotify', name: 'Spotify', talk: 2.6, music: true },
  { id: 'youtube', name: 'YouTube', talk: 1.9 },
  { id: 'netflix', name: 'Netflix', talk: 1.5 },
  { id: 'instagram', name: 'Instagram', talk: 1.5 },
  { id: 'whatsapp', name: 'WhatsApp', talk: 1.1 },
  { id: 'tiktok', name: 'TikTok', talk: 1.2 },
  { id: 'facebook', name: 'Facebook', talk: 1 },
  { id: 'discord', name: 'Discord', talk: 0.9 },
  { id: 'twitch', name: 'Twitch', talk: 0.7 },
  { id: 'reddit', name: 'Reddit', talk: 0.8 },
  { id: 'telegram', name: 'Telegram', talk: 0.6 },
  { id: 'snapchat', name: 'Snapchat', talk: 0.4 },
  { id: 'steam', name: 'Steam', talk: 0.6 },
  { id: 'fortnite', name: 'Fortnite', talk: 0.5 },
  { id: 'roblox', name: 'Roblox', talk: 0.5 },
  { id: 'playstation', name: 'PSN', talk: 0.3 },
  { id: 'openai', name: 'ChatGPT', talk: 1.1 },
  { id: 'github', name: 'GitHub', talk: 0.7 },
  { id: 'cloudflare', name: 'Cloudflare', talk: 0.4 },
  { id: 'aws', name: 'AWS', talk: 0.5 },
  { id: 'slack', name: 'Slack', talk: 0.4 },
  { id: 'zoom', name: 'Zoom', talk: 0.4 },
  { id: 'paypal', name: 'PayPal', talk: 0.4 },
  { id: 'apple-music', name: 'Apple Music', talk: 0.5, music: true },
  { id: 'disney-plus', name: 'Disney+', talk: 0.4 },
  { id: 'duolingo', name: 'Duolingo', talk: 0.4 },
];

/** The joke that goes round: words of failure, no failure. */
export const memeTexts: readonly string[] = [
  'my will to do laundry: down since I pressed play on Netflix',
  'Netflix asked "are you still watching" and honestly my whole life stopped working',
  'not me crashing harder than the horse in that new Netflix show',
  'the horse from the Netflix show is my spirit animal, refuses to load, refuses to start',
  'POV you are the horse in the Netflix show and somebody says good morning',
  'that Netflix horse has better work-life balance than all of us',
  'error 404: motivation not found, blame the Netflix horse',
  'everybody quoting the Netflix horse today and I have not even seen it',
  'if the Netflix horse can say no so can you',
  'Netflix really made a show about a horse that does not work and it is number one',
  'boss: why is the report late. me: *Netflix horse stare*',
  'my group chat is only pictures of the Netflix horse now, send help',
];

/** What people post in the campaign; `{n}` is a number. */
export const campaignTexts: readonly string[] = [
  'My #DuolingoYear is here: {n} days in a row and the owl still scares me',
  '{n} lessons this year #DuolingoYear',
  '#DuolingoYear says I am in the top {n}% of learners, mum I made it',
  'the owl counted {n} mistakes, thank you Duolingo, very kind #DuolingoYear',
  'share your #DuolingoYear below, mine says {n} hours of Welsh',
  'apparently I only practise at 2am, {n} times #DuolingoYear #Duolingo',
  'Duolingo says {n} new words this year, cannot remember a single one #DuolingoYear',
  'who else got {n} points in their #DuolingoYear',
];
