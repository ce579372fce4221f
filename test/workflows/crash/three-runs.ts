import { openShop } from '../shop.ts';
import type { LedgerRow } from './judge.ts';
import { plentiful } from './scenarios.ts';

/** One run of an order processor: what became of it, as the workflow says and as the backends have written. */
export interface ProcessedOrder {
  readonly title: string;
  readonly status: string;
  readonly steps: readonly string[];
  readonly writes: readonly string[];
}

/** An order that succeeds, one whose order step fails for good after its retries, one whose payment is declined. */
export async function processThreeOrders(
  urls: Readonly<Record<string, string>>,
  url: string,
): Promise<readonly ProcessedOrder[]> {
  const productId = await plentiful(urls);
  await using shop = openShop({ urls, url });
  await shop.workflows.ready;

  const run = async (title: string, paymentToken: string): Promise<ProcessedOrder> => {
    const workflow = await shop.run(
      'placeOrder',
      { items: [{ productId, quantity: 1 }], paymentToken },
      `three ${title}`,
    );
    const ledgers = await Promise.all(
      ['inventory', 'orders', 'payments'].map(
        async (backend) =>
          (await (await fetch(`${urls[backend]}/_demo/ledger`)).json()) as (LedgerRow & { at: number })[],
      ),
    );
    const writes = ledgers
      .flat()
      .filter(({ idempotencyKey }) => idempotencyKey?.startsWith(`${workflow.id}:`))
      .sort((a, b) => a.at - b.at);
    const steps = workflow.steps.map(({ name, status, attempts }) =>
      attempts > 1 ? `${name} ${status} (${attempts} attempts)` : `${name} ${status}`,
    );
    return { title, status: workflow.status, steps, writes: writes.map(({ kind }) => kind) };
  };

  const good = await run('one that succeeds', 'tok_ok');
  await fetch(`${urls.orders}/_demo/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ status: 503 }),
  });
  const failing = await run('the orders backend fails for good', 'tok_ok');
  await fetch(`${urls.orders}/_demo/faults`, { method: 'DELETE' });
  return [good, failing, await run('the payment is declined', 'tok_declined')];
}
