/** What a caught value has to say, in one line where it can. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
