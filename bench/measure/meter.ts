/**
 * Preloaded into every server of the bench (`--import`), so that all are measured alike and none needs to know.
 * Answers `usage` with what the process has used so far, and ends with whoever started it.
 */
process.on('message', (message) => {
  if (message !== 'usage') return;
  const { user, system } = process.cpuUsage();
  process.send?.({ usage: { cpuMicros: user + system, rssBytes: process.memoryUsage.rss() } });
});
process.on('disconnect', () => {
  // A server that has more to let go of listens itself.
  if (process.listenerCount('disconnect') === 1) process.exit(0);
});
