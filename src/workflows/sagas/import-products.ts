import { z } from 'zod';
import type { Sources } from '../../datasources/sources.ts';
import { WeirError } from '../../errors.ts';
import { toVerdict } from '../attempts.ts';
import type { ImportRow, ImportStore } from '../import-store.ts';
import { invalidInput, Refusal } from '../problems.ts';
import { type BadRow, readCatalogue } from '../read-catalogue.ts';
import type { Saga, Task } from '../saga.ts';
import type { Problem } from '../state.ts';

const inputShape = z.object({ uploadId: z.string() });

/** The uploaded file. */
export type ImportProductsInput = z.infer<typeof inputShape>;

export interface ImportProductsOptions {
  readonly sources: Pick<Sources, 'products'>;
  readonly imports: ImportStore;
}

/** The queue that all workers share. */
export const importQueue = { name: 'imports', globalConcurrency: 8, workerConcurrency: 4 } as const;

/** So many rows go to the products backend at once. */
const chunkSize = 200;

/** So many bad rows are told one by one. */
const maxToldRows = 1000;

const checkedShape = z.object({
  chunks: z.number(),
  bad: z.array(z.object({ line: z.number(), column: z.string(), reason: z.string() })),
  untold: z.number(),
});

/** Takes a catalogue in: bad rows are told, good rows are stored in pieces that all workers share. */
export function createImportProducts({ imports }: ImportProductsOptions): Saga<ImportProductsInput> {
  return {
    name: 'importProducts',
    input: inputShape,
    secrets: [],
    steps: ['validate', 'store'],
    async run(run, { uploadId }) {
      const checked = await run.step('validate', {
        do: async () => {
          const csv = await imports.upload(uploadId, run.userId);
          if (csv === null)
            throw new Refusal(invalidInput('There is no such upload of yours.', ['uploadId']));
          const catalogue = await readCatalogue(csv);
          if (catalogue.fault !== null) throw new Refusal(invalidInput(catalogue.fault, ['csv']));
          const chunks = chunksOf(catalogue.rows);
          await imports.saveChunks(run.id, chunks);
          const { bad } = catalogue;
          const told = bad.slice(0, maxToldRows);
          return checkedShape.parse({ chunks: chunks.length, bad: told, untold: bad.length - told.length });
        },
      });
      const problems = [...checked.bad.map(toProblem), ...untoldProblem(checked.untold)];
      run.report(problems);

      await run.fanOut('store', { task: importTask, queue: importQueue.name, count: checked.chunks });
      const failures = await run.aside('collect failures', () => imports.failures(run.id));
      const failed = failures.flatMap(({ lines, error }) =>
        lines.map((line) => ({ line, column: '', reason: error })),
      );
      run.report([...problems, ...failed.slice(0, maxToldRows).map(toProblem)]);
    },
  };
}

const importTask = 'importChunk';

/** Stores one piece. What the backend refuses is noted, and does not hold up the other pieces. */
export function createImportTask({ sources: { products }, imports }: ImportProductsOptions): Task {
  return {
    name: importTask,
    async run({ call, key }, workflowId, number) {
      const rows = await imports.chunk(workflowId, number);
      try {
        await products.upsertProducts(
          call,
          { items: rows.map(({ product }) => withoutUndefined(product)) },
          key,
        );
      } catch (error) {
        if (toVerdict(error) !== 'refused' || !(error instanceof WeirError)) throw error;
        return await imports.finishChunk(workflowId, number, 'was refused by the products backend');
      }
      await imports.finishChunk(workflowId, number, null);
    },
  };
}

function chunksOf(rows: readonly ImportRow[]): ImportRow[][] {
  const chunks: ImportRow[][] = [];
  for (let at = 0; at < rows.length; at += chunkSize) chunks.push(rows.slice(at, at + chunkSize));
  return chunks;
}

function withoutUndefined({ id, imageUrl, ...product }: ImportRow['product']) {
  return {
    ...product,
    ...(id === undefined ? {} : { id }),
    ...(imageUrl === undefined ? {} : { imageUrl }),
  };
}

const toProblem = ({ line, column, reason }: BadRow): Problem =>
  invalidInput(
    `Line ${line}: ${column === '' ? 'the row' : column} ${reason}.`,
    column === '' ? ['csv', String(line)] : ['csv', String(line), column],
  );

const untoldProblem = (count: number): readonly Problem[] =>
  count === 0 ? [] : [invalidInput(`${count} more rows are bad.`, ['csv'])];
