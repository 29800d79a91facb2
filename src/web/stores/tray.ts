/** The work tray as this page knows it: whether it is open, and which acts were begun here, so that their end is told once. */
import { create } from 'zustand';

interface Tray {
  readonly open: boolean;
  readonly begun: ReadonlySet<string>;
}

export const useTray = create<Tray>(() => ({ open: false, begun: new Set() }));

export function showTray(open: boolean): void {
  useTray.setState({ open });
}

export function noteBegun(task: string): void {
  useTray.setState(({ begun }) => ({ begun: new Set([...begun, task]) }));
}

export function noteTold(task: string): void {
  useTray.setState(({ begun }) => ({ begun: new Set([...begun].filter((one) => one !== task)) }));
}
