import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { DemoAnswer } from '../demo/demo-client.ts';
import type { Contract, ContractEndpoint, ContractResponse } from './contract.ts';

/** What is checked of an answer. */
export type ConformingAnswer = Pick<DemoAnswer, 'status' | 'headers' | 'text'>;

/** Says in what an answer or a value departs from a contract: a line a fault, none where it is as it should be. */
export interface Conformity {
  /** Status, media type, headers and body of an answer of this endpoint. */
  faultsOfAnswer(endpoint: ContractEndpoint, answer: ConformingAnswer): string[];
  /** A value against a named schema. */
  faultsOfValue(schemaName: string, value: unknown): string[];
}

/**
 * Checks by one contract.
 *
 * Closed on purpose, where a decoder is open: a member that the contract does not name is a fault too, since a
 * backend must not say what is not written down.
 */
export function createConformity(contract: Contract): Conformity {
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true, strictTypes: false });
  addFormats.default(ajv);
  ajv.addKeyword('components');
  const components = { schemas: close(contract.schemas) };
  const compiled = new Map<object, ValidateFunction>();

  const faultsOf = (what: string, schema: object, value: unknown): string[] => {
    const validate = compiled.get(schema) ?? ajv.compile({ ...schema, components });
    compiled.set(schema, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${what}${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  };
  const named = new Map<string, object>();
  const schemaNamed = (name: string): object => {
    const schema = named.get(name) ?? { $ref: `#/components/schemas/${name}` };
    named.set(name, schema);
    return schema;
  };

  const faultsOfBody = (
    response: ContractResponse,
    endpoint: ContractEndpoint,
    answer: ConformingAnswer,
  ): string[] => {
    if (response.content === null) return answer.text === '' ? [] : ['a body where there is none'];
    const type = answer.headers.get('content-type')?.split(';')[0];
    if (type !== response.content.type) return [`content-type ${type}, expected ${response.content.type}`];
    const body: unknown = JSON.parse(answer.text);
    const faults = faultsOf('body', response.content.schema, body);
    // Where endpoints share an operation, each has an answer of its own.
    if (answer.status < 300) faults.push(...faultsOf('body', schemaNamed(endpoint.answer), body));
    return faults;
  };

  const faultsOfHeaders = (response: ContractResponse, answer: ConformingAnswer): string[] =>
    [...response.headers].flatMap(([name, { required, schema }]) => {
      const value = answer.headers.get(name);
      if (value === null) return required ? [`no header ${name}`] : [];
      const isNumber = 'type' in schema && schema.type === 'integer';
      return faultsOf(`header ${name}`, schema, isNumber ? Number(value) : value);
    });

  return {
    faultsOfValue: (schemaName, value) => faultsOf(schemaName, schemaNamed(schemaName), value),
    faultsOfAnswer: (endpoint, answer) => {
      const response = endpoint.operation.responses.get(answer.status);
      if (!response) return [`status ${answer.status} is not declared: ${answer.text.slice(0, 300)}`];
      return [...faultsOfBody(response, endpoint, answer), ...faultsOfHeaders(response, answer)];
    },
  };
}

/** The same schemas, with objects that take no members but those they name, wherever they do not say otherwise. */
function close(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(close);
  if (typeof node !== 'object' || node === null) return node;
  const closed = Object.fromEntries(Object.entries(node).map(([name, value]) => [name, close(value)]));
  const isOpen = 'properties' in node && 'type' in node && !('additionalProperties' in node);
  return isOpen ? { ...closed, additionalProperties: false } : closed;
}
