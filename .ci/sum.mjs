// Adds up vitest's JSON results: node .ci/sum.mjs FOLDER SUITE…
// Prints what is wrong, then `N passed, N failed` alone on the last line. Exit code 1 when anything
// failed, when a suite has no results or ran nothing, or when one that must not skip did skip.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const MUST_NOT_SKIP = new Set(['integration', 'browser']);

const [folder = '.', ...suites] = process.argv.slice(2);
const total = { passed: 0, failed: 0, skipped: 0 };
/** @type {string[]} */
const wrong = [];

for (const suite of suites) {
  const file = path.join(folder, `${suite}.json`);
  if (!existsSync(file)) {
    wrong.push(`${suite}: left no results`);
    total.failed += 1;
    continue;
  }
  const results = JSON.parse(readFileSync(file, 'utf8'));
  const sums = sum(results.testResults);
  // An error outside every test, in the set-up for one, fails the run but no test.
  if (!results.success && sums.failed === 0) {
    wrong.push(`${suite}: failed outside its tests`);
    sums.failed += 1;
  }
  if (sums.passed + sums.failed === 0) {
    wrong.push(`${suite}: ran nothing`);
    sums.failed += 1;
  }
  if (MUST_NOT_SKIP.has(suite) && sums.skipped > 0) {
    wrong.push(`${suite}: skipped ${sums.skipped}, though everything it needs has to be here`);
    sums.failed += sums.skipped;
    sums.skipped = 0;
  }
  console.log(
    `${suite}: ${sums.passed} of ${sums.passed + sums.failed + sums.skipped} tests passed`,
  );
  for (const key of /** @type {const} */ (['passed', 'failed', 'skipped'])) total[key] += sums[key];

  if (suite === 'test' && hasTests('test/e2e') && !ranIn(results.testResults, 'test/e2e')) {
    wrong.push('e2e: has tests and ran none');
    total.failed += 1;
  }
}

for (const line of wrong) console.log(`FAILED ${line}`);
const skipped = total.skipped === 0 ? '' : `, ${total.skipped} skipped`;
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed === 0 && wrong.length === 0 ? 0 : 1;

/** @param {{status: string, assertionResults: {status: string}[]}[]} files */
function sum(files) {
  const sums = { passed: 0, failed: 0, skipped: 0 };
  for (const { status, assertionResults } of files) {
    const before = sums.failed;
    for (const test of assertionResults) {
      if (test.status === 'passed') sums.passed += 1;
      else if (test.status === 'failed') sums.failed += 1;
      else sums.skipped += 1;
    }
    // A file that could not be loaded, or whose hooks failed, has no failed test of its own.
    if (status === 'failed' && sums.failed === before) sums.failed += 1;
  }
  return sums;
}

/** @param {{name: string, assertionResults: {status: string}[]}[]} files @param {string} part */
function ranIn(files, part) {
  return files.some(
    (file) =>
      file.name.includes(`/${part}/`) &&
      file.assertionResults.some((test) => test.status === 'passed' || test.status === 'failed'),
  );
}

/** @param {string} where */
function hasTests(where) {
  if (!existsSync(where)) return false;
  return readdirSync(where, { recursive: true, encoding: 'utf8' }).some((name) =>
    name.endsWith('.test.ts'),
  );
}
