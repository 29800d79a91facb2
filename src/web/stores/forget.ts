/** Empties every store that may hold something of the account; how the page looks stays. Called when the device locks. */
import type { StoreApi } from 'zustand';
import { useAttachments } from './attached.ts';
import { useCompared } from './compared.ts';
import { useComposing } from './composing.ts';
import { useConfirm } from './confirm.ts';
import { useDrafts } from './draft.ts';
import { useTarget } from './jump.ts';
import { useMemberViews } from './memberViews.ts';
import { useOfferAnswers } from './offerAnswer.ts';
import { useOpened } from './opened.ts';
import { usePlaces } from './place.ts';
import { dismissToast, useToasts } from './toast.ts';
import { useTray } from './tray.ts';
import { useViewed } from './viewed.ts';

/** Every store but theme.ts, language.ts and offeredBuild.ts: forget.test.ts holds the list against the folder. */
export function forgetStores(): void {
  // Each of them has a timer that holds it.
  for (const { id } of useToasts.getState().list) dismissToast(id);
  for (const store of [
    useAttachments,
    useCompared,
    useComposing,
    useConfirm,
    useDrafts,
    useMemberViews,
    useOfferAnswers,
    useOpened,
    usePlaces,
    useTarget,
    useToasts,
    useTray,
    useViewed,
  ] as readonly Pick<StoreApi<unknown>, 'setState' | 'getInitialState'>[])
    store.setState(store.getInitialState(), true);
}
