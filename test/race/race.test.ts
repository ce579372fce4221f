import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWeir, type Weir } from '../start-weir.ts';

describe('the calls of the race', () => {
  let weir: Weir;
  let token: string;
  beforeAll(async () => {
    weir = await startWeir({ WEIR_DEMO: 'true' });
    token = await weir.signIn();
  });
  afterAll(async () => weir[Symbol.asyncDispose]());

  const call = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${weir.url}/race/rest/${path}`, init);

  it('are one real hop each', async () => {
    await weir.forgetCalls();
    const product = await (await call('products/products/1')).json();
    expect(product).toMatchObject({ id: '1', name: expect.any(String) });
    expect(await weir.allCalls()).toEqual(['products GET /products/1']);
  });

  it('are reads and signing in, by shape, and nothing else', async () => {
    const authorization = `Bearer ${token}`;
    for (const [path, method] of [
      ['orders/orders', 'POST'],
      ['payments/charges', 'POST'],
      ['users/users', 'POST'],
      ['users/tokens', 'POST'],
      ['products/_demo/faults', 'PUT'],
      ['products/_demo/calls', 'GET'],
      ['products/products/..%2f_demo%2fcalls', 'GET'],
      ['products/products/1?x=1', 'GET'],
      ['orders/orders/10001', 'GET'],
      ['constructor/x', 'GET'],
      ['__proto__/x', 'GET'],
      ['notifications/messages/1', 'GET'],
    ] as const) {
      const response = await call(path, { method, headers: { authorization } });
      expect(response.status, `${method} ${path}`).toBe(404);
    }
    await weir.forgetCalls();
    const form = await call('users/sessions', { method: 'POST', body: 'email=ada' });
    expect(form.status).toBe(415);
    expect(await weir.allCalls()).toEqual([]);
  });

  it('carry the viewer’s own token and no other', async () => {
    expect((await call('orders/orders?userIds=1&limit=1')).status).toBe(401);
  });

  it('are not there without the demo, where the short page stays, nor in production', async () => {
    for (const environment of [{}, { WEIR_DEMO: 'true', NODE_ENV: 'production', ADMIN_PORT: '0' }]) {
      await using other = await startWeir(environment);
      expect((await fetch(`${other.url}/race/rest/products/products/1`)).status).toBe(404);
      expect((await fetch(`${other.url}/race/race.js`)).status).toBe(404);
      expect(await (await fetch(other.url)).text()).not.toContain('/race/');
    }
    expect(await (await fetch(weir.url)).text()).toContain('/race/race.js');
  });
});
