import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { startWeir } from '../start-weir.ts';

it('what a backend forgets to leave out is left out here', async () => {
  await using demo = await startWeir();
  const grace = await demo.signIn('grace@example.com');
  const forgetful = createServer(async (request, response) => {
    const answer = await fetch(`${demo.backends.orders}${request.url}`, {
      headers: { authorization: `Bearer ${grace}` },
    });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
  });
  await new Promise<void>((resolve) => forgetful.listen(0, '127.0.0.1', resolve));
  const { port } = forgetful.address() as AddressInfo;
  await using weir = await startWeir({ ORDERS_URL: `http://127.0.0.1:${port}` });
  const own = await demo.ask('{ me { orders(first: 1) { nodes { id } } } }', { token: grace });
  const { id } = own.data.me.orders.nodes[0];
  const query = `{ order(id: "${id}") { id } node(id: "${id}") { id } nodes(ids: ["${id}"]) { id } }`;
  const ask = async (person: string) => (await weir.ask(query, { token: await weir.signIn(person) })).data;
  expect(await ask('grace@example.com')).toEqual({ order: { id }, node: { id }, nodes: [{ id }] });
  expect(await ask('ada@example.com')).toEqual({ order: null, node: null, nodes: [null] });
  forgetful.closeAllConnections();
  forgetful.close();
});
