#!/usr/bin/env node
import { runStack } from './run.ts';

process.exitCode = await runStack(process.argv.slice(2));
