/**
 * How well targets are recognised in real posts: of the rows whose text names their service, how many
 * are recognised as that service, and how many name another one besides.
 *
 *   node bench/catalog/coverage.ts [--misses]
 *
 * Reads `posts/dev.jsonl` below $OUTCRY_SHARED (default ../shared), which is for measuring only.
 * Whether a text names its service is judged by the plain words below, not by the catalogue.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createMatcher, loadCatalog } from '@outcry/catalog';

/** Service of the row → target and the words that name it. */
const services: Readonly<Record<string, [target: string, words: RegExp]>> = {
  Spotify: ['spotify', /spotify/i],
  SpotifyCares: ['spotify', /spotify/i],
  AppleSupport: ['apple', /apple|icloud|imessage|iphone|ipad/i],
  AmazonHelp: ['amazon', /amazon/i],
  comcastcares: ['xfinity', /comcast|xfinity/i],
  ChipotleTweets: ['chipotle', /chipotle/i],
  Uber_Support: ['uber', /uber/i],
  Tesco: ['tesco', /tesco/i],
  Delta: ['delta', /delta/i],
  AdobeCare: ['adobe', /adobe|photoshop|lightroom/i],
  hulu_support: ['hulu', /hulu/i],
  sprintcare: ['t-mobile', /sprint/i],
  Ask_Spectrum: ['spectrum', /spectrum/i],
  BofA_Help: ['bank-of-america', /bofa|bank of america/i],
  UPSHelp: ['ups', /\bUPS/],
  AskPayPal: ['paypal', /paypal/i],
};

const file = path.join(process.env.OUTCRY_SHARED ?? '../shared', 'data/posts/dev.jsonl');
if (!existsSync(file)) {
  console.log(`skipped: ${file} is not there`);
  process.exit(0);
}

const matcher = createMatcher(loadCatalog());
const rows = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { id: string; service: string; text: string });
let named = 0;
let recognised = 0;
let others = 0;
const misses: string[] = [];
for (const { id, service, text } of rows) {
  const known = services[service];
  if (known === undefined) continue;
  const [target, words] = known;
  const found = matcher.match(text).map((mention) => mention.target);
  if (found.some((one) => one !== target)) others += 1;
  if (!words.test(text)) continue;
  named += 1;
  if (found.includes(target)) recognised += 1;
  else misses.push(`${id} ${service}`);
}
const share = ((100 * recognised) / named).toFixed(1);
console.log(
  `${rows.length} rows, ${named} name their service: ${recognised} recognised (${share}%)`,
);
console.log(`${others} rows name another target, alone or besides`);
if (process.argv.includes('--misses')) console.log(misses.join('\n'));
