import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect, useRef } from 'react';
import { useSession } from '../explorer-context.ts';

/** Loads the schema again when somebody signs in and there is none yet: it may be for signed-in people only. */
export function SchemaLoader() {
  const { introspect } = useGraphiQLActions();
  const hasSchema = useGraphiQL(({ schema }) => Boolean(schema));
  const token = useSession().signedIn?.token ?? null;
  const tokenBefore = useRef(token);
  useEffect(() => {
    if (token !== tokenBefore.current && token !== null && !hasSchema) void introspect();
    tokenBefore.current = token;
  }, [token, hasSchema, introspect]);
  return null;
}
