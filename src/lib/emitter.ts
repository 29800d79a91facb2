/** Listeners of one kind of news; listening returns its own undo. */
export interface Emitter<T> {
  readonly listen: (listener: (news: T) => void) => () => void;
  readonly emit: (news: T) => void;
}

export function createEmitter<T>(): Emitter<T> {
  const listeners = new Set<(news: T) => void>();
  return {
    listen(listener) {
      const own = (news: T): void => listener(news);
      listeners.add(own);
      return () => {
        listeners.delete(own);
      };
    },
    emit(news) {
      for (const listener of [...listeners]) listener(news);
    },
  };
}
