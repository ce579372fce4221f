/** Names for types that GraphiQL has but does not export by itself. */
import type { useGraphiQL } from '@graphiql/react';
import type { GraphiQL } from 'graphiql';
import type { ComponentProps } from 'react';

type Props = ComponentProps<typeof GraphiQL>;

export type Fetcher = Props['fetcher'];
export type FetcherParams = Parameters<Fetcher>[0];
export type FetcherOptions = NonNullable<Parameters<Fetcher>[1]>;
export type PageStorage = NonNullable<Props['storage']>;
export type Plugin = NonNullable<Props['plugins']>[number];

/** All that GraphiQL's store holds. */
export type GraphiQLState = Parameters<Parameters<typeof useGraphiQL>[0]>[0];
/** A Monaco editor. */
export type CodeEditor = NonNullable<GraphiQLState['queryEditor']>;
