import { describe, expect, it } from 'vitest';
import { decodeWaterfall } from '../../../explorer/src/waterfall/waterfall.ts';
import { orderPageWaterfall } from '../waterfalls.ts';

/** A waterfall as it comes over the wire: without what the contract leaves optional. */
function onTheWire(): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(orderPageWaterfall(), (key, value) =>
      ['queueMs', 'waitMs', 'downloadMs', 'keys', 'critical'].includes(key) ? undefined : value,
    ),
  );
}

describe('decodeWaterfall', () => {
  it('reads a whole waterfall back as it was', () => {
    const waterfall = orderPageWaterfall();
    expect(decodeWaterfall(JSON.parse(JSON.stringify(waterfall)))).toEqual({ kind: 'waterfall', waterfall });
  });

  it('does without what the contract leaves optional', () => {
    const decoded = decodeWaterfall(onTheWire());
    expect(decoded).toMatchObject({ kind: 'waterfall' });
    expect(decoded.kind === 'waterfall' && decoded.waterfall.calls[0]).toMatchObject({
      queueMs: null,
      keys: [],
      critical: null,
    });
  });

  it('takes numbers for ids, and nothing for what is absent', () => {
    const [call] = orderPageWaterfall().calls;
    const decoded = decodeWaterfall({ ...onTheWire(), calls: [{ ...call, id: 7 }] });
    expect(decoded.kind === 'waterfall' && decoded.waterfall.calls[0]?.id).toBe('7');
    expect(decodeWaterfall(undefined)).toEqual({ kind: 'absent' });
    expect(decodeWaterfall(null)).toEqual({ kind: 'absent' });
  });

  it.each([
    ['another version', { ...onTheWire(), version: 2 }, 'its version is 2, this explorer reads 1'],
    ['no list of calls', { ...onTheWire(), calls: {} }, 'calls is not a list'],
    [
      'a source of its own',
      { ...onTheWire(), calls: [{ ...orderPageWaterfall().calls[0], source: 'moon' }] },
      'calls[0].source is "moon"',
    ],
    ['no figures', { ...onTheWire(), totalMs: 'soon' }, 'totalMs is not a number'],
    ['a text', 'waterfall', 'waterfall is not an object'],
  ])('says what it cannot read: %s', (_, value, reason) => {
    expect(decodeWaterfall(value)).toEqual({ kind: 'unreadable', reason });
  });
});
