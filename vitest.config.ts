import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // Vite takes graphql's ES modules where Node takes its CommonJS ones; two copies of it refuse each other's types.
    alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }],
  },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/seed-demo-world.ts'],
    pool: 'forks',
    // Most tests wait for processes and sockets: two at a time keep two small cores busy and no test starved.
    maxWorkers: 2,
    // Real servers and databases on two small cores: slow is not wrong.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    // What fails once on a machine that others load too is looked at again; what is wrong fails again.
    retry: process.env.CI ? 2 : 0,
  },
});
