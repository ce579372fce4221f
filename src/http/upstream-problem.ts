/**
 * An RFC 9457 problem document that a backend sent with a status of 400 or more.
 *
 * It is the `cause` of the `WeirError`, for workflows that decide by it. Clients see of it only `type` and
 * `status`, and those only where our contracts know the type.
 */
export class UpstreamProblem extends Error {
  readonly status: number;
  /** A URI, such as `https://weir.example/problems/out-of-stock`; `about:blank` where none was sent. */
  readonly type: string;
  readonly title: string;
  /** What the type adds to the document, such as `productId` and `available`. */
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(status: number, type: string, title: string, extensions: Readonly<Record<string, unknown>>) {
    super(`${status} ${type}`);
    this.name = 'UpstreamProblem';
    this.status = status;
    this.type = type;
    this.title = title;
    this.extensions = extensions;
  }
}
