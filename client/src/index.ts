export { newIdempotencyKey } from './idempotency-key.ts';
export { type RetryPolicy, usualRetries } from './retry.ts';
export type { TypedDocument } from './typed-document.ts';
export {
  type AskOptions,
  createWeirClient,
  type SubscribeOptions,
  type WeirAnswer,
  type WeirClient,
  type WeirClientOptions,
  type WeirPart,
  type WriteOptions,
} from './weir-client.ts';
export { WeirError, type WeirErrorCode, type WeirErrorDetail } from './weir-error.ts';
