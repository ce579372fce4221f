/** An answer as a client decodes it: what a test expects to find, it says itself. */
export interface ClientAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever it asked for.
  readonly data: any;
  readonly errors: readonly ClientError[];
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  readonly extensions: any;
}

export interface ClientError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string; readonly [name: string]: unknown };
}

export interface Ask {
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a test asks a gateway with. */
export interface Client {
  ask(query: string, ask?: Ask): Promise<ClientAnswer>;
  /** What a subscription brings, from one event to the next, until it ends or is left. */
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  listen(query: string, ask?: Ask): AsyncGenerator<any, void>;
}

/** A client of the gateway at this address. */
export function createClient(url: string): Client {
  const post = (query: string, accept: string, { variables, token, headers }: Ask) =>
    fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: JSON.stringify({ query, variables }),
    });
  return {
    async ask(query, ask = {}) {
      const response = await post(query, '*/*', ask);
      const { data, errors = [], extensions } = (await response.json()) as ClientAnswer;
      return { status: response.status, headers: response.headers, data, errors, extensions };
    },
    async *listen(query, ask = {}) {
      const response = await post(query, 'text/event-stream', ask);
      const decoder = new TextDecoder();
      let rest = '';
      for await (const piece of response.body ?? []) {
        const lines = `${rest}${decoder.decode(piece, { stream: true })}`.split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          if (line.startsWith('data:') && line.includes('"data"')) yield JSON.parse(line.slice(5)).data;
        }
      }
    },
  };
}
