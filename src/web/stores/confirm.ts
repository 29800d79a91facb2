/** The one question asked before something is destroyed. */
import { create } from 'zustand';

export interface Question {
  readonly title: string;
  readonly body: string;
  readonly action: string;
  readonly tone: 'plain' | 'danger';
  readonly run: () => void;
}

interface Confirm {
  readonly open: boolean;
  /** Kept after the answer, so that its words stay while the window fades out. */
  readonly question: Question | null;
}

export const useConfirm = create<Confirm>(() => ({ open: false, question: null }));

export function askFirst(question: Question): void {
  useConfirm.setState({ open: true, question });
}

export function endQuestion(): void {
  useConfirm.setState({ open: false });
}
