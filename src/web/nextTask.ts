/** Resolves in a task of its own: between the two the page answers. */
export function nextTask(): Promise<void> {
  // A page in the background gets a timer once a second; this is not held back.
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(null);
  });
}
