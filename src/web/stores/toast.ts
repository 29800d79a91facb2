/** Short notes at the edge of the screen. */
import { create } from 'zustand';

export interface Toast {
  readonly id: number;
  readonly tone: 'plain' | 'bad';
  readonly sentence: string;
  readonly next: string | null;
  readonly action: { readonly label: string; readonly run: () => void } | null;
  /** How long it stays. */
  readonly ms: number;
}

interface Toasts {
  readonly list: readonly Toast[];
}

export const useToasts = create<Toasts>(() => ({ list: [] }));

const SHOWN_AT_ONCE = 3;
const SHOWN_MS = 6000;
const timers = new Map<number, ReturnType<typeof setTimeout>>();
let lastId = 0;

/** The same sentence stands there once: said again, its time begins anew. Answers the undo: takes the note away. */
export function showToast(
  toast: Partial<Omit<Toast, 'id'>> & { readonly sentence: string },
): () => void {
  const shown = useToasts.getState().list.find((other) => other.sentence === toast.sentence);
  if (shown === undefined) lastId += 1;
  const id = shown?.id ?? lastId;
  const whole: Toast = { tone: 'plain', next: null, action: null, ms: SHOWN_MS, ...toast, id };
  useToasts.setState(({ list }) => ({
    list: [...list.filter((other) => other.id !== id), whole].slice(-SHOWN_AT_ONCE),
  }));
  clearTimeout(timers.get(id));
  timers.set(
    id,
    setTimeout(() => dismissToast(id), whole.ms),
  );
  return () => dismissToast(id);
}

export function dismissToast(id: number): void {
  clearTimeout(timers.get(id));
  timers.delete(id);
  useToasts.setState(({ list }) => ({ list: list.filter((toast) => toast.id !== id) }));
}
