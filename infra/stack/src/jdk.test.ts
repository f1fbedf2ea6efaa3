import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseJdk, findJdks } from './jdk.ts';

describe('finding Java', () => {
  let folder = '';
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'outcry-jdk-')));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A folder that looks like a Java of the version; a JRE has neither javac nor jlink. */
  function java(name: string, version: string, kind: 'jdk' | 'jre'): string {
    const home = path.join(folder, name);
    mkdirSync(path.join(home, 'bin'), { recursive: true });
    for (const tool of kind === 'jdk' ? ['java', 'javac'] : ['java']) {
      writeFileSync(path.join(home, 'bin', tool), '');
      chmodSync(path.join(home, 'bin', tool), 0o755);
    }
    const modules = kind === 'jdk' ? 'java.base jdk.jlink' : 'java.base';
    writeFileSync(path.join(home, 'release'), `JAVA_VERSION="${version}"\nMODULES="${modules}"\n`);
    return home;
  }
  const found = (env: NodeJS.ProcessEnv) =>
    findJdks(env).filter((jdk) => jdk.home.startsWith(folder));

  it('looks at JAVA_HOME and at java in PATH, through links', () => {
    const home = java('a', '21.0.4', 'jdk');
    const onPath = java('b', '17.0.15', 'jre');
    const bin = path.join(folder, 'bin');
    mkdirSync(bin);
    symlinkSync(path.join(onPath, 'bin', 'java'), path.join(bin, 'java'));
    expect(found({ JAVA_HOME: home, PATH: `/nowhere:${bin}` })).toEqual([
      { home, major: 21, full: true },
      { home: onPath, major: 17, full: false },
    ]);
  });

  it('names an installation once, however many links lead to it', () => {
    const home = java('a', '25', 'jdk');
    symlinkSync(home, path.join(folder, 'default'));
    const env = { JAVA_HOME: path.join(folder, 'default'), PATH: path.join(home, 'bin') };
    expect(found(env)).toHaveLength(1);
  });

  it('reads the version scheme of Java 8, and passes over what is no Java', () => {
    expect(found({ JAVA_HOME: java('old', '1.8.0_402', 'jre') })[0]?.major).toBe(8);
    expect(found({ JAVA_HOME: path.join(folder, 'nothing'), PATH: '' })).toEqual([]);
  });

  it('chooses the oldest that suffices', () => {
    const of = (major: number, full = true) => ({ home: `/${major}`, major, full });
    const all = [of(25), of(21, false), of(17), of(11)];
    expect(chooseJdk(all, { major: 17, full: false })).toEqual(of(17));
    expect(chooseJdk(all, { major: 21, full: true })).toEqual(of(25));
    expect(chooseJdk([of(17)], { major: 21, full: true })).toBeUndefined();
  });
});
