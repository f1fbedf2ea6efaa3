import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { searchIndexContract } from '../contract-suite.ts';
import { createSqliteIndex } from './index.ts';

searchIndexContract('SQLite', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'outcry-search-'));
  return {
    open: () => createSqliteIndex({ path: path.join(directory, 'search.sqlite') }),
    dispose: async () => rmSync(directory, { recursive: true }),
  };
});
