import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createConformity } from './conformity.ts';
import { readContracts } from './contract.ts';

const zDecoders = z.record(z.string(), z.instanceof(z.ZodType));
const zExamples = z.object({ examples: z.array(z.unknown()).default([]) });
const zObject = z.record(z.string(), z.unknown());

/** Something of another JSON type than the value. */
const otherThan = (value: unknown): unknown => (typeof value === 'boolean' ? 'yes' : true);

describe.each([...readContracts().values()])('the schemas of $backend', (contract) => {
  const conformity = createConformity(contract);
  const examples = Object.entries(contract.schemas).flatMap(([name, schema]) =>
    zExamples.parse(schema).examples.map((example) => ({ name, example })),
  );
  const decoderOf = async (name: string) => {
    const module = await import(`../../src/datasources/${contract.backend}/wire/zod.gen.ts`);
    const decoder = zDecoders.parse({ ...module })[`z${name}`];
    if (!decoder) throw new Error(`no decoder z${name}`);
    return decoder;
  };

  it('have a decoder each', async () => {
    for (const name of Object.keys(contract.schemas)) await decoderOf(name);
  });

  it('have examples that are what they show', () => {
    expect(examples.length).toBeGreaterThan(0);
    const faults = examples.flatMap(({ name, example }) => conformity.faultsOfValue(name, example));
    expect(faults).toEqual([]);
  });

  it.each(examples)('decode an example of $name without loss', async ({ name, example }) => {
    expect((await decoderOf(name)).parse(example)).toEqual(example);
  });

  const objects = examples.filter(({ example }) => zObject.safeParse(example).success);

  it.each(objects)('let $name grow: what is not known is left out', async ({ name, example }) => {
    const grown = { ...zObject.parse(example), addedNextYear: { deep: [1] } };
    expect((await decoderOf(name)).parse(grown)).toEqual(example);
  });

  it.each(objects)('refuse $name where a member has another type', async ({ name, example }) => {
    const decoder = await decoderOf(name);
    const members = zObject.parse(example);
    for (const [member, value] of Object.entries(members)) {
      const spoiled = { ...members, [member]: otherThan(value) };
      expect(decoder.safeParse(spoiled).success, `${member}: ${JSON.stringify(spoiled[member])}`).toBe(false);
    }
  });
});
