/** Which dialog of the shell is open; both can be opened from several rooms. */
import { create } from 'zustand';

export type OpenedDialog = 'none' | 'createGroup';

export const useOpened = create<{ readonly dialog: OpenedDialog }>(() => ({ dialog: 'none' }));

export function openDialog(dialog: OpenedDialog): void {
  useOpened.setState({ dialog });
}
