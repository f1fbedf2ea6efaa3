import { defineConfig } from 'vitest/config';

// `unit` sits beside the code; the rest is in test/. Only `unit` and `e2e` (embedded) run everywhere;
// `integration` wants the real Kafka and Elasticsearch, `browser` a real Chromium.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{packages,services}/**/src/**/*.test.ts', '{infra,bench}/**/*.test.ts'],
          exclude: ['**/node_modules/**'],
          // A busy machine is slow, not wrong: speed is measured in bench/, never by a timeout.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          globalSetup: ['test/integration/servers.ts'],
          testTimeout: 300_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
