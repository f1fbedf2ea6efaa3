import { describe, expect, it } from 'vitest';
import { clusterKey } from './cluster.ts';
import { Scan } from './scan.ts';

const key = (text: string) => clusterKey(new Scan().read(text));

describe('the copy key', () => {
  it('is shared by copies that differ in mentions, links, numbers and case', () => {
    const original = key('Spotify is down for thousands of users in Europe, read more here');
    expect(
      key('RT @a: Spotify is DOWN for thousands of users in Europe, read more here https://t.co/1'),
    ).toBe(original);
  });

  it('differs between people who say the same in their own words', () => {
    expect(key('cannot log in to my account since this morning, anyone else?')).not.toBe(
      key('anyone else who cannot get into their account? started this morning'),
    );
  });

  it('of a short text holds all its words', () => {
    expect(key('is spotify down')).toBe(key('Is Spotify down?'));
    expect(key('is spotify down')).not.toBe(key('is netflix down'));
  });

  it('is a dash where no word remains', () => {
    expect(key('😡 https://t.co/1 !!!')).toBe('-');
  });
});
