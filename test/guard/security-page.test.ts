import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { settings } from '../../src/config/settings.ts';
import { usualLimits } from '../../src/guard/document-limits.ts';
import { tableOf } from '../docs/markdown.ts';

const page = readFileSync(new URL('../../SECURITY.md', import.meta.url), 'utf8');
const rows = tableOf(page, 'limit').map(([limit = '', usually = '', setting = '']) => ({
  limit,
  usually: usually === '1 MiB' ? 1024 * 1024 : Number(usually.replaceAll(',', '')),
  setting: setting.replaceAll('`', ''),
}));

describe('SECURITY.md', () => {
  it('says of each limit with a setting what the setting says', () => {
    const named = rows.filter(({ setting }) => setting !== '');
    expect(named.length).toBeGreaterThan(8);
    for (const { setting, usually } of named) {
      const { fallback } = Object.entries(settings).find(([name]) => name === setting)?.[1] ?? {};
      expect([setting, fallback]).toEqual([setting, usually]);
    }
  });

  it('has a row for each limit of a document', () => {
    const numbers = rows.map(({ usually }) => usually);
    for (const [name, limit] of Object.entries(usualLimits))
      expect([name, numbers]).toEqual([name, expect.arrayContaining([limit])]);
  });
});
