#!/usr/bin/env node
// Runs one of the project's programs under the Node that the project brings, installing first
// whatever is missing. It has no dependencies and runs on Node 20, because on a fresh machine
// nothing else is there yet.
//
//   node infra/setup/run.mjs FILE [ARGS…]         run a file
//   node infra/setup/run.mjs --bin NAME [ARGS…]   run a tool from node_modules/.bin
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { buildDashboard, installDependencies, root } from './install.mjs';

const node = path.join(
  root,
  'node_modules',
  '.bin',
  process.platform === 'win32' ? 'node.cmd' : 'node',
);

const [first, ...rest] = process.argv.slice(2);
if (first === undefined) fail('name the program to run: a file, or --bin and a tool');

try {
  await installDependencies();
  await buildDashboard();
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}

const program =
  first === '--bin'
    ? path.join(root, 'node_modules', '.bin', rest.shift() ?? '')
    : path.resolve(root, first);
if (!existsSync(program)) fail(`${path.relative(root, program)} is not there`);

// Tools in node_modules/.bin start with `#!/usr/bin/env node`, so putting the folder first in PATH
// is what makes them run under the project's Node.
const env = {
  ...process.env,
  PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH ?? ''}`,
};
const child = spawn(node, [program, ...rest], { stdio: 'inherit', env });

// A signal from the terminal reaches the child by itself; one sent to this process alone does not.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  });
}
child.on('error', (error) => fail(error.message));
child.on('exit', (code, signal) => {
  process.exitCode = signal === null ? (code ?? 1) : 128 + (constants.signals[signal] ?? 1);
});

/** @param {string} message @returns {never} */
function fail(message) {
  console.error(`outcry: ${message}`);
  process.exit(1);
}
