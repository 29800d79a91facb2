/** Short notes at the edge of the screen. */
import { create } from 'zustand';

export interface Toast {
  readonly id: number;
  readonly tone: 'plain' | 'bad';
  readonly sentence: string;
  readonly next: string | null;
  readonly action: { readonly label: string; readonly run: () => void } | null;
}

interface Toasts {
  readonly list: readonly Toast[];
}

export const useToasts = create<Toasts>(() => ({ list: [] }));

const SHOWN_AT_ONCE = 3;
const PLAIN_MS = 5000;
const LONG_MS = 10_000;
let lastId = 0;

/** Answers the undo: takes the note away. */
export function showToast(
  toast: Partial<Omit<Toast, 'id'>> & { readonly sentence: string },
): () => void {
  lastId += 1;
  const id = lastId;
  const whole: Toast = { tone: 'plain', next: null, action: null, ...toast, id };
  useToasts.setState(({ list }) => ({ list: [...list, whole].slice(-SHOWN_AT_ONCE) }));
  const stays = whole.tone === 'bad' || whole.action !== null ? LONG_MS : PLAIN_MS;
  setTimeout(() => dismissToast(id), stays);
  return () => dismissToast(id);
}

export function dismissToast(id: number): void {
  useToasts.setState(({ list }) => ({ list: list.filter((toast) => toast.id !== id) }));
}
