/** A key for one write: 128 random bits in hexadecimal. React Native without a crypto polyfill gets weaker ones. */
export function newIdempotencyKey(): string {
  const bytes = new Uint8Array(16);
  // Typed as always there; old engines of React Native have none.
  const random: Crypto | undefined = globalThis.crypto;
  if (random) random.getRandomValues(bytes);
  else for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor(Math.random() * 256);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
