import pino, { type Logger } from 'pino';

export type { Logger };

/** Fields that must never be written, wherever in a log line they stand. */
const SECRETS = [
  'authorization',
  'token',
  'accessToken',
  'password',
  'secret',
  '*.authorization',
  '*.token',
  '*.password',
];

/** The gateway's log: JSON lines in production, coloured lines for people in development, silent in tests. */
export function createLog(environment: 'development' | 'test' | 'production'): Logger {
  const level = environment === 'test' ? 'silent' : 'info';
  const base = { level, redact: { paths: SECRETS, censor: '[hidden]' }, base: null };
  if (environment !== 'development') return pino(base);
  return pino({
    ...base,
    transport: {
      target: 'pino-pretty',
      options: {
        colorize: process.stdout.isTTY,
        translateTime: 'HH:MM:ss.l',
        ignore: 'pid,hostname',
        sync: true,
      },
    },
  });
}
