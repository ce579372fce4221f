import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { zOffer, zOfferClaims } from '../../../src/datasources/pricing/wire/zod.gen.ts';
import { createDemoClient, type DemoClient } from '../demo-client.ts';

let client: DemoClient;

beforeAll(async () => {
  client = await createDemoClient();
});

afterAll(() => client?.[Symbol.asyncDispose]());

const flightIn = (days: number) =>
  `WR101-${new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '')}`;
const ask = (flightId: string, query = '') => client.call('nobody', 'pricing', `/offers/${flightId}${query}`);
const offerOf = async (flightId: string, query = '') => zOffer.parse((await ask(flightId, query)).json());
const verify = (token: string) =>
  jwtVerify(token, createRemoteJWKSet(new URL(`${client.urls.pricing}/.well-known/jwks.json`)), {
    algorithms: ['ES256'],
    issuer: 'weir-pricing',
    audience: 'weir-offers',
  });

describe('the pricing backend', () => {
  it('signs what it offers', async () => {
    const offer = await offerOf(flightIn(10), '?passengers=3');
    const claims = zOfferClaims.parse((await verify(offer.token)).payload);
    expect(claims).toMatchObject({
      flightId: flightIn(10),
      passengers: 3,
      amount: offer.price.amount,
      currency: 'EUR',
    });
    expect(claims.exp - claims.iat).toBe(15 * 60);
    expect(Date.parse(offer.expiresAt)).toBe(claims.exp * 1000);
  });

  it('signs nothing that was changed afterwards', async () => {
    const { token } = await offerOf(flightIn(10));
    const [header, claims = '', signature] = token.split('.');
    const cheaper = { ...JSON.parse(Buffer.from(claims, 'base64url').toString()), amount: 1 };
    const forged = Buffer.from(JSON.stringify(cheaper)).toString('base64url');
    await expect(verify([header, forged, signature].join('.'))).rejects.toThrow();
  });

  it('asks for as many seats as there are passengers, one where nobody says', async () => {
    const [one, four] = await Promise.all([offerOf(flightIn(11)), offerOf(flightIn(11), '?passengers=4')]);
    expect(one.passengers).toBe(1);
    expect(four.price.amount).toBe(4 * one.price.amount);
    expect(one.seatsLeft).toBe(four.seatsLeft);
  });

  it('has its price by the flight and the day, and seats for the largest party', async () => {
    const offers = await Promise.all(Array.from({ length: 30 }, (_, day) => offerOf(flightIn(10 + day))));
    expect(new Set(offers.map(({ price }) => price.amount)).size).toBeGreaterThan(5);
    expect(new Set(offers.map(({ seatsLeft }) => seatsLeft)).size).toBeGreaterThan(5);
    for (const { price, seatsLeft } of offers) {
      expect(price.amount % 100).toBe(0);
      expect(seatsLeft).toBeGreaterThanOrEqual(9);
    }
  });

  it('keeps price and key over a restart', async () => {
    const before = await offerOf(flightIn(12));
    await client.restart();
    const after = await offerOf(flightIn(12));
    expect([after.price, after.seatsLeft]).toEqual([before.price, before.seatsLeft]);
    expect((await verify(before.token)).payload).toMatchObject({ flightId: flightIn(12) });
  });

  it.each(['WR999-20261125', 'WR101-20200101', 'WR101-29990101', 'none'])('sells no %s', async (flightId) => {
    expect((await ask(flightId)).status).toBe(404);
  });

  it.each(['0', '10', '1.5', 'two', ''])('refuses a party of %j', async (passengers) => {
    expect((await ask(flightIn(10), `?passengers=${passengers}`)).status).toBe(400);
  });
});
