/** Resolves in a task of its own: between the two the page answers. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, 0));
}
