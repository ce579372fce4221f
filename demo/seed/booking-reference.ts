/** The six letters and digits that stand for a booking on a ticket: others for each number below 2 ** 30. */
export function bookingReferenceOf(number: number): string {
  const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
  // Multiplying by an odd number shuffles the numbers below a power of two without a collision.
  let shuffled = Number((BigInt(number) * 0x2545f491n + 0x1234567n) % 2n ** 30n);
  let reference = '';
  for (let place = 0; place < 6; place++) {
    reference += alphabet[shuffled % 32];
    shuffled = Math.floor(shuffled / 32);
  }
  return reference;
}
