/**
 * How Node.js is started for a gateway; `npm run gateway` says the same.
 *
 * The young generation of V8's heap is kept at three times 8 MB. Left alone it grows with what starting leaves behind,
 * and keeps some 100 MB more that a gateway, whose garbage is an operation old at most, has no use for: as measured by
 * `npm run bench`, it then costs no less CPU.
 */
export const NODE_FLAGS: readonly string[] = ['--max-semi-space-size=8'];
