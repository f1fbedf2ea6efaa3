import { describe, expect, it } from 'vitest';
import {
  ConfigError,
  choice,
  flag,
  integer,
  list,
  optionalUrl,
  readSettings,
  secret,
  text,
} from './index.ts';

const settings = {
  NAME: text('a name'),
  COUNT: integer('a count', 4, { min: 1, max: 9 }),
  LEVEL: choice('a level', ['low', 'high'], 'low'),
  ON: flag('a switch', false),
  HOSTS: list('hosts'),
  WHERE: optionalUrl('an address'),
  KEY: secret('a key'),
};

describe('readSettings', () => {
  it('fills in defaults, and takes an empty variable as absent', () => {
    expect(readSettings(settings, { NAME: ' n ', COUNT: '', HOSTS: 'a:1, b:2,' })).toEqual({
      NAME: 'n',
      COUNT: 4,
      LEVEL: 'low',
      ON: false,
      HOSTS: ['a:1', 'b:2'],
      WHERE: undefined,
      KEY: undefined,
    });
  });

  it('names every broken setting at once, with what it is', () => {
    const env = { COUNT: '12', LEVEL: 'middle', ON: 'yes', WHERE: 'ftp://x' };
    const problems = (() => {
      try {
        readSettings(settings, env);
      } catch (error) {
        return (error as ConfigError).problems;
      }
      return [];
    })();
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'NAME',
      'COUNT',
      'LEVEL',
      'ON',
      'WHERE',
    ]);
    expect(problems[1]).toContain('from 1 to 9');
    expect(problems[1]).toContain('"12"');
  });

  it('never shows a secret, not even a broken one', () => {
    expect(() => readSettings(settings, { NAME: 'n', KEY: 'hunter2' })).toThrow(ConfigError);
    try {
      readSettings(settings, { NAME: 'n', KEY: 'hunter2' });
    } catch (error) {
      expect(String(error)).not.toContain('hunter2');
      expect(String(error)).toContain('KEY');
    }
  });
});
