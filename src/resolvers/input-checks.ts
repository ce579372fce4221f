import { invalidInput, notFound } from '../workflows/problems.ts';
import { toRawId } from './global-id.ts';
import type { ProblemParent } from './problems.ts';

/** What is wrong with a part of an input; empty where nothing is. */
export type Faults = readonly ProblemParent[];

const maxQuantity = 1_000_000;

/** An idempotency key has 1 to 255 characters. */
export function keyFaults(key: string): Faults {
  return lengthFaults(key, 255, ['idempotencyKey']);
}

/** A token to pay with, or of an offer. */
export function tokenFaults(token: string, name: string, most: number): Faults {
  return lengthFaults(token, most, [name]);
}

/** The lines of an order: 1 to 100, of products that can be, each at least once. */
export function itemFaults(
  items: readonly { readonly productId: string; readonly quantity: number }[],
): Faults {
  if (items.length < 1 || items.length > 100)
    return [invalidInput('An order has 1 to 100 lines.', ['items'])];
  return items.flatMap(({ productId, quantity }, index) => {
    const path = ['items', String(index)];
    const faults: ProblemParent[] = [];
    if (toRawId('Product', productId) === null) {
      faults.push(notFound('There is no such product.', [...path, 'productId']));
    }
    if (quantity < 1 || quantity > maxQuantity) {
      faults.push(invalidInput(`A quantity is 1 to ${maxQuantity}.`, [...path, 'quantity']));
    }
    return faults;
  });
}

/** Who flies: 1 to 9 people with names. */
export function passengerFaults(passengers: readonly { readonly name: string }[]): Faults {
  if (passengers.length < 1 || passengers.length > 9) {
    return [invalidInput('A booking is for 1 to 9 passengers.', ['passengers'])];
  }
  return passengers.flatMap(({ name }, index) =>
    lengthFaults(name.trim(), 200, ['passengers', String(index), 'name']),
  );
}

/** Who registers: a name, an address, a password of at least 8 characters. */
export function accountFaults({
  name,
  email,
  password,
}: {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}): Faults {
  const faults = [...lengthFaults(name.trim(), 200, ['name'])];
  if (email.length > 254 || !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
    faults.push(invalidInput('This is no e-mail address.', ['email']));
  }
  if (password.length < 8 || password.length > 200) {
    faults.push(invalidInput('A password has 8 to 200 characters.', ['password']));
  }
  return faults;
}

/** A catalogue comes in the input or by an upload, and not both ways. */
export function catalogueFaults(csv: string | null | undefined, uploadId: string | null | undefined): Faults {
  if (Boolean(csv) === Boolean(uploadId)) {
    return [invalidInput('Give either csv or uploadId.', csv ? ['uploadId'] : ['csv'])];
  }
  const tooLong = Buffer.byteLength(csv ?? '') > 1024 * 1024;
  return tooLong ? [invalidInput('A catalogue in the input has at most 1 MB; upload it.', ['csv'])] : [];
}

function lengthFaults(text: string, most: number, path: readonly string[]): Faults {
  return text.length >= 1 && text.length <= most
    ? []
    : [invalidInput(`This has 1 to ${most} characters.`, path)];
}
