import { describe, expect, it } from 'vitest';
import { appVersion, PlatformFinder } from './platforms.ts';
import { Scan } from './scan.ts';

const finder = new PlatformFinder();
const platforms = (text: string) => finder.find(new Scan().read(text));

describe('platforms', () => {
  it.each([
    ['crashes on my iPhone', ['ios']],
    ['black screen on apple tv', ['tv']],
    ['no sound in android auto', ['car']],
    ['ps5 and xbox both down', ['console']],
    ['apple watch app broken', ['watch']],
    ['auf dem Fernseher geht nichts', ['tv']],
    ['my windows 11 laptop', ['windows']],
    ['just music', []],
  ])('%s', (text, expected) => {
    expect(platforms(text)).toEqual(expected);
  });
});

describe('app versions', () => {
  it.each([
    ['since 8.9.96 it crashes', '8.9.96'],
    ['version 12.4 is broken', '12.4'],
    ['on ios 17.2 it crashes', undefined],
    ['paid 9.99 for this', undefined],
    ['nothing here', undefined],
  ])('%s', (text, expected) => {
    expect(appVersion(text)).toBe(expected);
  });
});
