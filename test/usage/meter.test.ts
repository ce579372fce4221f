import { describe, expect, it } from 'vitest';
import type { Account, Call, CallRecord } from '../../src/call.ts';
import { bucketOf, LATENCY_BUCKETS, percentileOf } from '../../src/usage/latency.ts';
import { createMeter } from '../../src/usage/meter.ts';
import { toWhole } from '../../src/usage/usage-rows.ts';
import { createRandom } from '../waterfall/operations.ts';

const operation = (clientId: string | null, name: string | null, kind: string | null = 'query') => ({
  clientId,
  operation: name,
  kind,
  durationMs: 3,
  outcome: 'ok',
});

describe('the meter', () => {
  it('tells apart no more names than there is room for, and counts the others', () => {
    const meter = createMeter();
    for (let client = 0; client < 300; client += 1) {
      for (let name = 0; name < 150; name += 1) meter.operation(operation(`client-${client}`, `Name${name}`));
    }
    const counts = meter.take();
    expect(counts.length).toBeLessThanOrEqual(2_300);
    expect(counts.reduce((sum, { requests }) => sum + requests, 0)).toBe(300 * 150);
    expect(counts.some(({ operation }) => operation === '(other)')).toBe(true);
    expect(meter.take()).toEqual([]);
  });

  it('gives each client room of its own, whatever names another one invents', () => {
    const meter = createMeter();
    for (let name = 0; name < 5_000; name += 1) meter.operation(operation(null, `Stranger${name}`));
    meter.operation(operation('shop', 'OrderPage'));
    expect(meter.take()).toContainEqual(expect.objectContaining({ client: 'shop', operation: 'OrderPage' }));
  });

  it('has room again for names in use once others are not used any more', () => {
    const meter = createMeter();
    for (let name = 0; name < 200; name += 1) meter.operation(operation('shop', `Old${name}`));
    for (let taking = 0; taking < 600; taking += 1) meter.take();
    meter.operation(operation('shop', 'New'));
    expect(meter.take()).toEqual([expect.objectContaining({ operation: 'New', requests: 1 })]);
  });

  it('tells clients apart by the whole of their ids', () => {
    const meter = createMeter();
    const long = 'c'.repeat(150);
    for (const clientId of [`${long}1`, `${long}2`, 'odd\0']) meter.operation(operation(clientId, 'Page'));
    expect(meter.take().map(({ client }) => client)).toEqual([`${long}1`, `${long}2`, 'odd?']);
  });

  it('keeps no name of an operation that was refused before anybody knew it', () => {
    const meter = createMeter();
    meter.operation(operation(null, 'a stranger’s text', null));
    expect(meter.take()).toEqual([expect.objectContaining({ operation: '(refused)' })]);
  });

  it('charges the gateway for what nobody has asked for, and nobody for what was not sent', () => {
    const meter = createMeter();
    const record: CallRecord = {
      backend: 'users',
      method: 'POST',
      route: 'POST /tokens',
      status: 201,
      source: 'network',
      attempt: 1,
      queuedAt: 0,
      startedAt: 0,
      firstByteAt: 1,
      endedAt: 2,
      bytes: 100,
      error: null,
      demand: null,
    };
    const call = (account?: Account): Call => ({
      requestId: 'r',
      signal: new AbortController().signal,
      deadlineAt: 0,
      viewer: null,
      onBehalfOf: null,
      traceparent: null,
      observe: null,
      demand: null,
      ...(account ? { account } : {}),
    });
    meter.attempt(record, call(), true);
    meter.attempt(
      { ...record, error: 'UPSTREAM_UNAVAILABLE' },
      call({ clientId: 'shop', operation: 'Page' }),
      false,
    );
    const counts = meter.take();
    expect(counts).toHaveLength(2);
    expect(counts[0]).toMatchObject({ client: '(gateway)', calls: 1, errors: 0, bytes: 100, totalMs: 2 });
    expect(counts[1]).toMatchObject({
      client: 'shop',
      requests: 1,
      calls: 0,
      errors: 1,
      bytes: 0,
      totalMs: 0,
    });
  });
});

describe('shares', () => {
  it('become whole numbers that still add up, none off by one or more', () => {
    const random = createRandom(7);
    for (let round = 0; round < 500; round += 1) {
      const values = Array.from({ length: 1 + Math.floor(random() * 20) }, () => random() * 10);
      // As shares of calls are, together they are whole.
      values.push(
        Math.ceil(values.reduce((sum, value) => sum + value, 0)) - values.reduce((a, b) => a + b, 0),
      );
      const whole = toWhole(values);
      expect(whole.reduce((sum, value) => sum + value, 0)).toBe(
        Math.round(values.reduce((a, b) => a + b, 0)),
      );
      for (const [index, value] of whole.entries()) {
        expect(Math.abs(value - (values[index] ?? 0))).toBeLessThan(1);
      }
    }
    expect(toWhole([1 / 3, 1 / 3, 1 / 3])).toEqual([1, 0, 0]);
    expect(toWhole([0.1 + 0.2, 2.7])).toEqual([0, 3]);
    expect(toWhole([])).toEqual([]);
  });
});

describe('latencies', () => {
  it('give percentiles to about a tenth, alone and added up', () => {
    const random = createRandom(11);
    for (const scale of [2, 40, 900, 20_000]) {
      const values = Array.from({ length: 2_000 }, () => scale * (0.2 + random() ** 3));
      const counts: number[] = Array.from({ length: LATENCY_BUCKETS }, () => 0);
      for (const value of values) counts[bucketOf(value)] = (counts[bucketOf(value)] ?? 0) + 1 / 3;
      const sorted = values.toSorted((a, b) => a - b);
      for (const share of [0.5, 0.95, 0.99]) {
        const exact = sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
        expect(Math.abs((percentileOf(counts, share) ?? 0) / exact - 1)).toBeLessThan(0.12);
      }
    }
    expect(percentileOf([], 0.95)).toBeNull();
    expect(bucketOf(0)).toBe(0);
    expect(bucketOf(1e9)).toBe(LATENCY_BUCKETS - 1);
  });
});
