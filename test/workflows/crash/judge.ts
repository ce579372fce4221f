/** One write that took effect, as a backend's ledger tells it. */
export interface LedgerRow {
  readonly kind: string;
  readonly id: string;
  readonly idempotencyKey: string | null;
  readonly subject: string | null;
}

/** A kind of write and the one that takes it back. */
const undoneBy: Readonly<Record<string, string>> = {
  'reservation.held': 'reservation.released',
  'order.created': 'order.cancelled',
  'charge.captured': 'refund.created',
  'booking.held': 'booking.cancelled',
};

/** What a workflow that succeeded has done, in any order. */
const committed: Readonly<Record<string, readonly string[]>> = {
  placeOrder: [
    'charge.captured',
    'order.confirmed',
    'order.created',
    'reservation.confirmed',
    'reservation.held',
  ],
  bookFlight: ['booking.confirmed', 'booking.held', 'charge.captured'],
  cancelOrder: ['order.cancelled', 'refund.created', 'reservation.released'],
  cancelBooking: ['booking.cancelled', 'refund.created'],
  register: ['message.sent'],
  fulfilOrder: ['message.sent', 'order.delivered', 'order.shipped'],
};

/** Writes by workflow id, from the ledgers of all backends. The key names the workflow, or the piece of one. */
export function writesByWorkflow(
  ledgers: readonly (readonly LedgerRow[])[],
): ReadonlyMap<string, readonly LedgerRow[]> {
  const byWorkflow = new Map<string, LedgerRow[]>();
  for (const row of ledgers.flat()) {
    const id = row.idempotencyKey?.split(':')[0]?.replace(/-task-\d+$/, '') ?? '';
    const known = byWorkflow.get(id);
    if (known) known.push(row);
    else byWorkflow.set(id, [row]);
  }
  return byWorkflow;
}

/** What is wrong with the writes of one workflow that ended with this status; empty where nothing is. */
export function judge(name: string, status: string, writes: readonly LedgerRow[]): readonly string[] {
  const kinds = writes.map(({ kind }) => kind).sort();
  const faults: string[] = [];
  // An import makes many products, each once; everything else is done once a workflow.
  const acts = writes.map(({ kind, id }) => (kind.startsWith('product.') ? `${kind} ${id}` : kind)).sort();
  const twice = acts.filter((act, index) => acts[index - 1] === act);
  if (twice.length > 0) faults.push(`done twice: ${twice.join(', ')}`);
  if (status === 'SUCCEEDED') {
    const wanted = committed[name];
    if (wanted && kinds.join() !== wanted.join()) faults.push(`succeeded with ${kinds.join(', ')}`);
  } else if (status === 'FAILED' || status === 'COMPENSATED' || status === 'CANCELLED') {
    for (const [kind, undo] of Object.entries(undoneBy)) {
      if (kinds.includes(kind) !== kinds.includes(undo))
        faults.push(`${status}, but ${kind} without ${undo}`);
    }
  } else faults.push(`has not ended: ${status}`);
  return faults;
}

/** Workflows that end with a message to the customer. */
const tellsCustomer: ReadonlySet<string> = new Set([
  'placeOrder',
  'bookFlight',
  'cancelOrder',
  'cancelBooking',
  'fulfilOrder',
]);

/** What is wrong with what followed the end of a workflow: its message, and an order's way to the customer. */
export function judgeFollowUps(
  { id, name, status }: { readonly id: string; readonly name: string; readonly status: string },
  writes: ReadonlyMap<string, readonly LedgerRow[]>,
): readonly string[] {
  const succeeded = status === 'SUCCEEDED';
  const faults: string[] = [];
  const messages = writes.get(`${id}-notify`) ?? [];
  const wanted = succeeded && tellsCustomer.has(name) ? 1 : 0;
  if (messages.length !== wanted) faults.push(`${status} with ${messages.length} messages`);
  if (name !== 'placeOrder') return faults;
  const order = writes.get(id)?.find(({ kind }) => kind === 'order.created');
  const onTheWay = order ? (writes.get(`fulfil-${order.id}`) ?? []) : [];
  const handedOver = onTheWay.filter(({ kind }) => kind === 'message.sent').length;
  if (handedOver !== wanted) faults.push(`${status}, and handed over to the warehouse ${handedOver} times`);
  return faults;
}
