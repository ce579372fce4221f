import { createHash } from 'node:crypto';
import type { CodegenConfig } from '@graphql-codegen/cli';

/** Typed documents of `client/operations`, and the manifest of what the gateway may trust. */
const config: CodegenConfig = {
  schema: './schema.graphql',
  documents: ['./client/operations/*.graphql'],
  silent: true,
  generates: {
    './client/src/generated/': {
      preset: 'client',
      presetConfig: {
        fragmentMasking: false,
        persistedDocuments: {
          mode: 'embedHashInDocument',
          hashPropertyName: 'hash',
          hashAlgorithm: (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`,
        },
      },
      config: {
        documentMode: 'string',
        useTypeImports: true,
        enumsAsTypes: true,
        importExtension: '.ts',
        emitLegacyCommonJSImports: false,
        strictScalars: true,
        defaultScalarType: 'unknown',
        scalars: {
          ID: 'string',
          Date: 'string',
          DateTime: 'string',
          Decimal: 'string',
          CurrencyCode: 'string',
        },
      },
    },
  },
};

export default config;
