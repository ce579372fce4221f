import type { Call } from '../call.ts';
import type { PaymentsSource } from '../datasources/payments/source.ts';
import { problemType } from '../http/problem-types.ts';
import { UpstreamProblem } from '../http/upstream-problem.ts';

/** Pays a payment back. One that was paid back before, under whatever key, is as good as paid back now. */
export async function refund(
  payments: PaymentsSource,
  call: Call,
  paymentId: string,
  key: string,
): Promise<void> {
  try {
    await payments.createRefund(call, paymentId, key);
  } catch (error) {
    if (!isSettled(error)) throw error;
    const [payment] = await payments.paymentsByIds(call, [paymentId]);
    if (payment?.status !== 'REFUNDED') throw error;
  }
}

function isSettled(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : null;
  return cause instanceof UpstreamProblem && cause.type === problemType('invalid-transition');
}
