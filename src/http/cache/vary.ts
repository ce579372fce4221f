import { type Fields, fieldOf } from './stored-fields.ts';

// Lists of preferences: case and order mean nothing in them, but for the weights (RFC 9110, section 12.5).
const preferences = new Set(['accept', 'accept-charset', 'accept-encoding', 'accept-language']);

/**
 * What an answer that varies by `names` depends on in a request, as one text: two requests with the same text
 * may share the answer (RFC 9111, section 4.1).
 */
export function toVariant(names: readonly string[], request: Fields): string {
  if (names.length === 0) return '';
  const selecting = [...new Set(names)].sort().map((name) => {
    const value = fieldOf(request, name);
    return [name, value === undefined ? null : normalised(name, value)];
  });
  return JSON.stringify(selecting);
}

function normalised(name: string, value: string): string {
  const members = value.split(',').map((member) => member.trim());
  if (!preferences.has(name)) return members.join(',');
  const weighed = members.map((member) => {
    const [range = '', ...parameters] = member.toLowerCase().split(/\s*;\s*/);
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    const others = parameters.filter((parameter) => parameter !== weight);
    return [range, ...others, `q=${Number(weight?.slice(2) ?? 1)}`].join(';');
  });
  return weighed.sort().join(',');
}
