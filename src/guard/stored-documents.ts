import { LRUCache } from 'lru-cache';
import * as z from 'zod';
import { WeirError } from '../errors.ts';
import { hashOf } from './manifest.ts';

/** What a request says of the document that it wants to run. */
export interface DocumentRequest {
  /** Its text, or null. */
  readonly query: string | null;
  /** Its hash, as GraphQL over HTTP names persisted documents, or null. */
  readonly documentId: string | null;
  /** Its hash as Apollo's clients send it stands in here. */
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** The document that a request wants to run. */
export interface FoundDocument {
  readonly text: string;
  /** Whether it was asked for by its hash, and so may be kept by its address. */
  readonly byHash: boolean;
  /** Its hash, where it is to be remembered once it has proved valid; else null. */
  readonly toKeep: string | null;
}

export interface StoredDocuments {
  /**
   * The text of the document that a request names.
   *
   * Throws `PERSISTED_QUERY_NOT_FOUND` for a hash that nobody knows, `PERSISTED_OPERATION_REQUIRED` for what is not in
   * the manifest where only that may run, and `BAD_USER_INPUT` for a hash that is not that of the text beside it.
   */
  find(request: DocumentRequest): FoundDocument;
  /** Remembers a valid document, so that from now on its hash will do. */
  keep(hash: string, text: string): void;
}

export interface StoredDocumentsOptions {
  /** Trusted documents by their hashes. */
  readonly manifest: ReadonlyMap<string, string>;
  /** Whether nothing else may run. */
  readonly only: boolean;
}

/** Documents that clients have registered by themselves are kept up to this many, and this many characters in all. */
const MAX_REGISTERED = 10_000;
const MAX_CHARACTERS = 8 * 1024 * 1024;
/** About what one more entry takes beside its text. */
const ENTRY = 256;

const HASH = /^(?:sha256:)?([0-9a-f]{64})$/;

const persistedQueryShape = z.object({ version: z.literal(1), sha256Hash: z.string() });

/** Whether a request names a document at all, by text or by hash. */
export function namesDocument({ query, documentId, extensions }: DocumentRequest): boolean {
  return query !== null || documentId !== null || isThere(extensions.persistedQuery);
}

/**
 * Finds the documents that clients ask for by a hash instead of the text: those of the manifest, and, by Apollo's
 * protocol for automatic persisted queries, those that a client has sent before.
 *
 * Only what was valid is remembered, and only so much of it: nobody can fill the memory with hashes.
 */
export function createStoredDocuments({ manifest, only }: StoredDocumentsOptions): StoredDocuments {
  const trusted = new Set(manifest.values());
  const registered = new LRUCache<string, string>({
    max: MAX_REGISTERED,
    maxSize: MAX_CHARACTERS,
    sizeCalculation: (text) => text.length + ENTRY,
  });

  return {
    find(request) {
      const hash = hashIn(request);
      // The protocol of graphql-ws has no message without a text: an empty one stands for none.
      const query = request.query === '' && hash !== null ? null : request.query;
      if (hash !== null && query !== null && hashOf(query) !== hash) {
        throw new WeirError('BAD_USER_INPUT', 'The hash is not that of the document beside it.', {
          hint: 'Send the SHA-256 of the exact text of `query`, hexadecimal.',
        });
      }
      if (query !== null) {
        if (only && !trusted.has(query)) throw required();
        return { text: query, byHash: hash !== null, toKeep: only ? null : hash };
      }
      if (hash === null) {
        if (only) throw required();
        throw new WeirError('BAD_USER_INPUT', 'The request has no "query".', {
          hint: 'A request is { "query": "...", "variables": { }, "operationName": "..." }.',
        });
      }
      const text = manifest.get(hash) ?? (only ? undefined : registered.get(hash));
      if (text !== undefined) return { text, byHash: true, toKeep: null };
      throw only ? required() : notFound();
    },
    keep(hash, text) {
      if (!manifest.has(hash)) registered.set(hash, text);
    },
  };
}

/** The hash by which a request asks, or null where it asks by text alone. Throws where it is none. */
function hashIn({ documentId, extensions }: DocumentRequest): string | null {
  const given = documentId ?? persistedHashIn(extensions.persistedQuery);
  if (given === null) return null;
  const hash = HASH.exec(given)?.[1];
  if (hash === undefined) {
    throw new WeirError('BAD_USER_INPUT', 'The hash of a document is 64 hexadecimal digits.', {
      hint: 'Send the SHA-256 of its text.',
    });
  }
  return hash;
}

function persistedHashIn(persistedQuery: unknown): string | null {
  if (!isThere(persistedQuery)) return null;
  const { success, data } = persistedQueryShape.safeParse(persistedQuery);
  if (success) return data.sha256Hash;
  throw new WeirError('BAD_USER_INPUT', '"extensions.persistedQuery" is not what it should be.', {
    hint: 'Send { "version": 1, "sha256Hash": "..." }.',
  });
}

const isThere = (value: unknown): boolean => value !== undefined && value !== null;

/** In the very words by which Apollo's clients know that they are to send the text. */
const notFound = (): WeirError =>
  new WeirError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound', {
    hint: 'Send the text of the document with its hash, once.',
  });

const required = (): WeirError =>
  new WeirError('PERSISTED_OPERATION_REQUIRED', 'This gateway runs only the documents of its manifest.', {
    hint: 'Ask by `documentId` or `extensions.persistedQuery.sha256Hash` for a document that the manifest has. New ones get in with `npm run codegen`.',
  });
