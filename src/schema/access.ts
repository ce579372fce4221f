import {
  type DirectiveNode,
  defaultFieldResolver,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  isObjectType,
  Kind,
} from 'graphql';
import type { Viewer } from '../call.ts';
import { WeirError } from '../errors.ts';
import { mayAct } from '../visibility.ts';

/** What `@access(rule:)` can say. */
export type AccessRule = 'PUBLIC' | 'SIGNED_IN' | 'SELF' | 'OWNER' | 'ADMINISTRATOR';

/** What an access check needs of the context. */
interface WithViewer {
  readonly viewer: Viewer | null;
}

type Resolver = GraphQLFieldResolver<unknown, WithViewer>;

/** Throws where the viewer may not resolve a field of this parent. */
type Check = (viewer: Viewer | null, parent: unknown) => void;

const signIn = (): WeirError =>
  new WeirError('UNAUTHENTICATED', 'This needs an access token.', {
    hint: 'Sign in with the mutation signIn and send `authorization: Bearer <accessToken>`.',
  });

const forbidden = (): WeirError => new WeirError('FORBIDDEN', 'This is not yours to see.');

const idOf = (parent: unknown): unknown =>
  typeof parent === 'object' && parent !== null && 'id' in parent ? parent.id : undefined;

/** Rules of fields. OWNER is enforced where the objects are loaded, by `visibility.ts`, on every way to them. */
const checks: Readonly<Record<AccessRule, Check | null>> = {
  PUBLIC: null,
  OWNER: null,
  SIGNED_IN: (viewer) => {
    if (viewer === null) throw signIn();
  },
  ADMINISTRATOR: (viewer) => {
    if (viewer === null) throw signIn();
    if (!viewer.scopes.has('admin')) throw forbidden();
  },
  SELF: (viewer, parent) => {
    const id = idOf(parent);
    if (typeof id !== 'string' || !mayAct(viewer, id)) throw forbidden();
  },
};

const isRule = (value: string): value is AccessRule => Object.hasOwn(checks, value);

/** The rule that `@access(rule:)` names among a node's directives, or null where there is none. */
export function accessRuleOf(directives: readonly DirectiveNode[] | undefined): AccessRule | null {
  const argument = directives
    ?.find((directive) => directive.name.value === 'access')
    ?.arguments?.find(({ name }) => name.value === 'rule');
  return argument?.value.kind === Kind.ENUM && isRule(argument.value.value) ? argument.value.value : null;
}

/** Puts each field's access rule in front of its resolver. Changes the schema's fields in place. */
export function enforceAccess(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const rule = accessRuleOf(field.astNode?.directives);
      const check = rule === null ? null : checks[rule];
      if (check === null) continue;
      const resolve: Resolver = field.resolve ?? defaultFieldResolver;
      field.resolve = (parent, args, context: WithViewer, info) => {
        check(context.viewer, parent);
        return resolve(parent, args, context, info);
      };
    }
  }
}
