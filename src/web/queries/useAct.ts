/** An act of the person: asks the client, and a refusal becomes a note with its sentence and next step. */
import { useMutation } from '@tanstack/react-query';
import { i18n } from '../text/i18n.ts';
import { showToast } from '../stores/toast.ts';
import type { Client } from '../../client/client.ts';
import type { Failure, Outcome } from '../../protocol/failure.ts';
import { useClient } from './clientContext.ts';

export interface Act<Input, T> {
  /** Answers null where the door to the engine is gone; never rejects. */
  readonly run: (input: Input) => Promise<Outcome<T> | null>;
  readonly busy: boolean;
}

export function toastFailure(failure: Failure): void {
  showToast({
    tone: 'bad',
    sentence: i18n.t(`failure.${failure.name}.sentence`),
    next: i18n.t(`failure.${failure.name}.next`),
  });
}

/** Whether a failure is shown where the person acted, instead of as a note. */
type Quiet = (failure: Failure) => boolean;

export function useAct<Input, T>(
  ask: (client: Client, input: Input) => Promise<Outcome<T>>,
  done?: (value: T, input: Input) => void,
  quiet?: Quiet,
): Act<Input, T> {
  const client = useClient();
  const mutation = useMutation({
    mutationFn: (input: Input) => ask(client, input),
    networkMode: 'always',
    onSuccess: (outcome, input) => {
      if (outcome.ok) return done?.(outcome.value, input);
      if (quiet?.(outcome.error) !== true) toastFailure(outcome.error);
    },
    onError: () => {
      showToast({ tone: 'bad', sentence: i18n.t('broken.act'), next: i18n.t('broken.next') });
    },
  });
  return {
    run: (input) => mutation.mutateAsync(input).catch(() => null),
    busy: mutation.isPending,
  };
}
