#!/usr/bin/env node
// Runs one of the project's programs under the Node that the project brings, installing first
// whatever is missing. It has no dependencies and runs on Node 20, because on a fresh machine
// nothing else is there yet.
//
//   node infra/setup/run.mjs FILE [ARGS…]         run a file
//   node infra/setup/run.mjs --bin NAME [ARGS…]   run a tool from node_modules/.bin
import { existsSync } from 'node:fs';
import path from 'node:path';
import { buildDashboard, installDependencies, node, root } from './install.mjs';
import { runProgram } from './run-program.mjs';

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(`outcry: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

/** @param {string[]} args */
async function main([first, ...rest]) {
  if (first === undefined) throw new Error('name the program to run: a file, or --bin and a tool');
  await installDependencies();
  await buildDashboard();

  const bin = path.join(root, 'node_modules', '.bin');
  const program =
    first === '--bin' ? path.join(bin, rest.shift() ?? '') : path.resolve(root, first);
  if (!existsSync(program)) throw new Error(`${path.relative(root, program)} is not there`);

  // Tools in node_modules/.bin start with `#!/usr/bin/env node`, so putting the folder first in PATH
  // makes whatever the program starts run under the project's Node, too.
  const env = {
    ...process.env,
    PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}`,
    OUTCRY_PARENT_PIPE: '3',
  };
  const follow = new URL('./follow-parent.mjs', import.meta.url).href;
  const { status } = await runProgram(node, ['--import', follow, program, ...rest], {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env,
  });
  return status;
}
