#!/usr/bin/env node
import { exitCodes, explainError } from '@outcry/runtime';
import { program } from './program.ts';
import { UsageError } from './usage-error.ts';

// A reader that has seen enough (`outcry classify | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? exitCodes.ok : exitCodes.failure);
});

try {
  await program().parseAsync();
} catch (error) {
  console.error(`outcry: ${explainError(error)}`);
  process.exitCode = error instanceof UsageError ? exitCodes.usage : exitCodes.failure;
}
