import type { WeirError } from '../errors.ts';
import type { Answer, Exchange } from './exchange.ts';
import type { Backend, Instance } from './instance.ts';

/** One exchange on its way over the wire, in one attempt or several. Hears how each of them ended. */
export interface Journey {
  readonly backend: Backend;
  readonly exchange: Exchange;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Where the last attempt went. Written when it is sent. */
  instance: Instance | null;
  answered(answer: Answer): void;
  failed(error: WeirError): void;
}
