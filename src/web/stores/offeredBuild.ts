/** A newer build of the page that waits until somebody takes it. */
import { create } from 'zustand';
import type { Build } from '../../lib/build.ts';

interface Offered {
  readonly build: Build | null;
  /** Not now; offered again after a reload, and when another one comes. */
  readonly later: boolean;
}

export const useOfferedBuild = create<Offered>(() => ({ build: null, later: false }));

export function offerBuild(build: Build | null): void {
  const before = useOfferedBuild.getState().build?.id;
  if (before !== build?.id) useOfferedBuild.setState({ build, later: false });
}

export function putBuildOff(): void {
  useOfferedBuild.setState({ later: true });
}
