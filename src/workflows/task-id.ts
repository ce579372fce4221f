/** The id of one piece of a workflow's fan-out. */
export const taskIdOf = (workflowId: string, number: number): string => `${workflowId}-task-${number}`;

/** The workflow and the number that a task's id was made of. Throws for an id that is none. */
export function fromTaskId(id: string): { readonly workflowId: string; readonly number: number } {
  const [, workflowId, number] = /^(.+)-task-(\d+)$/.exec(id) ?? [];
  if (workflowId === undefined) throw new Error(`${id} is not the id of a task.`);
  return { workflowId, number: Number(number) };
}
