import {
  type ASTVisitor,
  type DirectiveNode,
  GraphQLError,
  getNullableType,
  isListType,
  Kind,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

const isIncremental = ({ name }: DirectiveNode): boolean => name.value === 'defer' || name.value === 'stream';

/** A label tells the parts of an answer apart, so it stands in the document, once. */
function labelsAreUnique(context: ValidationContext): ASTVisitor {
  const seen = new Set<string>();
  return {
    [Kind.DIRECTIVE](directive: DirectiveNode) {
      if (!isIncremental(directive)) return;
      const label = directive.arguments?.find(({ name }) => name.value === 'label')?.value;
      if (label === undefined || label.kind === Kind.NULL) return;
      if (label.kind !== Kind.STRING) {
        context.reportError(new GraphQLError('A label must stand in the document.', { nodes: [directive] }));
      } else if (seen.has(label.value)) {
        context.reportError(new GraphQLError(`The label "${label.value}" is taken.`, { nodes: [directive] }));
      } else seen.add(label.value);
    },
  };
}

/** The steps of a mutation and the events of a subscription come in their order, and whole. */
function rootsComeWhole(context: ValidationContext): ASTVisitor {
  return {
    [Kind.DIRECTIVE](directive: DirectiveNode) {
      if (!isIncremental(directive)) return;
      const parent = context.getParentType();
      const schema = context.getSchema();
      const isRoot =
        parent !== undefined &&
        parent !== null &&
        (parent === schema.getMutationType() || parent === schema.getSubscriptionType());
      if (isRoot) {
        const words = `@${directive.name.value} cannot stand at the root of a mutation or a subscription.`;
        context.reportError(new GraphQLError(words, { nodes: [directive] }));
      }
    },
  };
}

/** Only a list has items that can come one after the other. */
function onlyListsStream(context: ValidationContext): ASTVisitor {
  return {
    [Kind.DIRECTIVE](directive: DirectiveNode) {
      const field = directive.name.value === 'stream' ? context.getFieldDef() : null;
      if (!field || isListType(getNullableType(field.type))) return;
      const words = `@stream can only stand on a list, and "${field.name}" is none.`;
      context.reportError(new GraphQLError(words, { nodes: [directive] }));
    },
  };
}

/** What `@defer` and `@stream` ask of a document, beside the rules of GraphQL itself. */
export const incrementalRules: readonly ValidationRule[] = [labelsAreUnique, rootsComeWhole, onlyListsStream];
