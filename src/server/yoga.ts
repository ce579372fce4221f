import type { GraphQLSchema } from 'graphql';
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import type { Admitted, Answer } from '../execution/operation.ts';
import type { Pipeline } from '../execution/pipeline.ts';
import { comesInParts } from '../execution/streaming.ts';
import { statusOf } from './http-answer.ts';

/** What travels through Yoga with a request: it has passed every check already. */
export interface YogaContext {
  readonly admitted: Admitted;
}

/**
 * Makes Yoga run what the pipeline has admitted.
 *
 * Only hooks around GraphQL's own phases: hooks around Yoga's requests would not run on the direct path, and a rule
 * that only holds on one way in is no rule.
 */
export function useAdmitted(pipeline: Pipeline): Plugin<YogaContext> {
  return {
    onParse: ({ context, setParsedDocument }) => setParsedDocument(context.admitted.prepared.document),
    onValidate: ({ setResult }) => setResult([]),
    onExecute: ({ args, setExecuteFn }) =>
      setExecuteFn(async () => {
        const { admitted } = args.contextValue;
        return comesInParts(admitted.prepared)
          ? pipeline.stream(admitted)
          : withStatus(await pipeline.execute(admitted));
      }),
    onSubscribe: ({ args, setSubscribeFn }) =>
      setSubscribeFn(() => pipeline.stream(args.contextValue.admitted)),
  };
}

/** Yoga takes an answer without data for a failure of its own, where nobody tells it the status. */
function withStatus(answer: Answer): Answer {
  if ('data' in answer) return answer;
  const status = statusOf(answer, 'application/graphql-response+json');
  return { ...answer, extensions: { ...answer.extensions, http: { status } } };
}

/** GraphQL over HTTP for every way that is not plain JSON in and out: streams of events, multipart answers. */
export function createYogaSurface(
  schema: GraphQLSchema,
  pipeline: Pipeline,
): YogaServerInstance<YogaContext, object> {
  return createYoga<YogaContext>({
    schema,
    graphqlEndpoint: '/graphql',
    graphiql: false,
    landingPage: false,
    maskedErrors: false,
    cors: false,
    batching: false,
    logging: false,
    parserAndValidationCache: false,
    plugins: [useAdmitted(pipeline)],
  });
}
