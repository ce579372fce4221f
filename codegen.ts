import type { CodegenConfig } from '@graphql-codegen/cli';

const wire = (backend: string, type: string) =>
  `../../datasources/${backend}/wire/types.gen.ts#${type} as ${type}Row`;

/** Resolver types: what a resolver is given as its parent is the row as its backend sent it. */
const config: CodegenConfig = {
  schema: './schema.graphql',
  silent: true,
  generates: {
    './src/resolvers/generated/types.ts': {
      plugins: ['typescript', 'typescript-resolvers'],
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        importExtension: '.ts',
        emitLegacyCommonJSImports: false,
        immutableTypes: true,
        strictScalars: true,
        defaultScalarType: 'unknown',
        scalars: {
          ID: 'string',
          Date: 'string',
          DateTime: 'string',
          Decimal: 'string',
          CurrencyCode: 'string',
        },
        contextType: '../../context.ts#Context',
        mappers: {
          User: '../parents.ts#UserParent',
          Product: wire('products', 'Product'),
          Stock: wire('inventory', 'Stock'),
          Order: wire('orders', 'Order'),
          OrderItem: wire('orders', 'OrderItem'),
          Payment: wire('payments', 'Payment'),
          Airport: wire('flights', 'Airport'),
          Flight: wire('flights', 'Flight'),
          Offer: wire('pricing', 'Offer'),
          Booking: wire('bookings', 'Booking'),
          Money: '../parents.ts#WireMoney',
          Node: '../node.ts#NodeParent',
          Workflow: '../../workflows/state.ts#WorkflowState',
          UsageRow: '../../usage/usage-rows.ts#UsageRow as UsageRowParent',
          Webhook: '../../workflows/webhook-store.ts#Webhook as WebhookRow',
          AuditEntry: '../../audit/audit-line.ts#AuditLine',
          Problem: '../problems.ts#ProblemParent',
          OutOfStock: "../problems.ts#ProblemOf<'OutOfStock'>",
          OfferExpired: "../problems.ts#ProblemOf<'OfferExpired'>",
        },
      },
    },
  },
};

export default config;
