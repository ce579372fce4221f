import { expect, it } from 'vitest';
import { createPageStorage } from '../../explorer/src/page-storage.ts';
import { createMemoryStorage } from './memory-storage.ts';

it('keeps GraphiQL’s history without the headers that were sent', () => {
  const kept = createMemoryStorage();
  const storage = createPageStorage(kept);
  const item = {
    query: '{ me { name } }',
    variables: '{"headers":1}',
    headers: '{"authorization":"Bearer secret"}',
  };
  for (const name of ['graphiql:queries', 'graphiql:favorites']) {
    storage.setItem(name, JSON.stringify({ queries: [item] }));
    expect(kept.getItem(name)).not.toContain('secret');
    expect(JSON.parse(storage.getItem(name) ?? '')).toEqual({
      queries: [{ query: item.query, variables: item.variables }],
    });
  }
});

it('clears what is GraphiQL’s, and nothing else', () => {
  const kept = createMemoryStorage({ 'graphiql:theme': 'dark', 'weir.panel': 'open' });
  const storage = createPageStorage(kept);
  expect(storage.length).toBe(1);
  storage.clear();
  expect(kept.getItem('graphiql:theme')).toBeNull();
  expect(kept.getItem('weir.panel')).toBe('open');
});
