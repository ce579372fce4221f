import { type Dispatcher, Pool } from 'undici';
import type { Author, OrderPage, Post, Product, Row, User } from '../world/wire.ts';

/** A bulk answer. */
interface List<T> {
  readonly items: readonly T[];
}

/** The calls that the workloads need, over undici's cheapest door. */
export interface Rest {
  posts(authorization: string): Promise<readonly Post[]>;
  authors(ids: Iterable<string>, authorization: string): Promise<List<Author>>;
  users(id: string, authorization: string): Promise<List<User>>;
  orders(userId: string, limit: number, authorization: string): Promise<List<OrderPage>>;
  products(ids: Iterable<string>, authorization: string): Promise<List<Product>>;
  rows(authorization: string): Promise<readonly Row[]>;
}

/** Opens the backend. Answers are believed: nothing is checked but the status. */
export function createRest(backendUrl: string): Rest {
  const pool = new Pool(backendUrl, { connections: 64, pipelining: 1 });
  // What an answer is, its endpoint says; the limit does not spend time on looking.
  const get = <T>(path: string, authorization: string): Promise<T> =>
    new Promise((resolve, reject) => {
      const headers = ['accept', 'application/json', 'authorization', authorization];
      pool.dispatch({ path, method: 'GET', headers }, new Answer<T>(resolve, reject));
    });
  const joined = (ids: Iterable<string>): string => [...ids].join(',');
  return {
    posts: (authorization) => get('/posts', authorization),
    authors: (ids, authorization) => get(`/authors?ids=${joined(ids)}`, authorization),
    users: (id, authorization) => get(`/users?ids=${id}`, authorization),
    orders: (userId, limit, authorization) => get(`/orders?userIds=${userId}&limit=${limit}`, authorization),
    products: (ids, authorization) => get(`/products?ids=${joined(ids)}`, authorization),
    rows: (authorization) => get('/rows', authorization),
  };
}

/** Collects one answer. */
class Answer<T> implements Dispatcher.DispatchHandler {
  readonly #resolve: (value: T) => void;
  readonly #reject: (error: Error) => void;
  readonly #chunks: Buffer[] = [];
  #status = 0;

  constructor(resolve: (value: T) => void, reject: (error: Error) => void) {
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onRequestStart(): void {}

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#status !== 200) {
      this.#reject(new Error(`the backend answered ${this.#status}`));
      return;
    }
    const [first] = this.#chunks;
    const bytes = this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks);
    this.#resolve(JSON.parse(bytes.toString()));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#reject(error);
  }
}
