/**
 * Preloaded beside the meter into a server that is profiled: samples its CPU from `profile-start` to `profile-stop`,
 * so that neither its start nor its warming up is in the picture, and writes what it saw to `BENCH_PROFILE`.
 */
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';

const SAMPLE_MICROS = 200;
const path = process.env.BENCH_PROFILE ?? 'server.cpuprofile';
const session = new Session();
session.connect();

process.on('message', async (message) => {
  if (message === 'profile-start') {
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_MICROS });
    await session.post('Profiler.start');
    process.send?.({ profile: 'started' });
  }
  if (message === 'profile-stop') {
    const { profile } = await session.post('Profiler.stop');
    writeFileSync(path, JSON.stringify(profile));
    process.send?.({ profile: 'written' });
  }
});
