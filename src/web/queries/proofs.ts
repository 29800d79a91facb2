/** Files a person can hand to others, and going on after two histories were shown. */
import type { Gid } from '../../protocol/ids.ts';
import type { Outcome } from '../../protocol/failure.ts';
import { saveFile } from '../parts/saveFile.ts';
import { showToast } from '../stores/toast.ts';
import { i18n } from '../text/i18n.ts';
import { type Act, useAct } from './useAct.ts';
import type { Client } from '../../client/client.ts';

function useFile(
  name: string,
  ask: (client: Client) => Promise<Outcome<string>>,
): Act<void, string> {
  return useAct<void, string>(ask, (text) => {
    const day = new Date().toISOString().slice(0, 10);
    saveFile(`conclave-${name}-${day}.jsonl`, [text], 'application/x-ndjson');
  });
}

export function useExportLog(gid: Gid): Act<void, string> {
  return useFile('log', (client) => client.exportLog(gid));
}

export function useExportEvidence(gid: Gid): Act<void, string> {
  return useFile('evidence', (client) => client.exportEvidence(gid));
}

/** Where the log differs too, that is said instead of the sentence of the halt, which stands there already. */
export function useContinue(gid: Gid): Act<void, void> {
  return useAct(
    (client) => client.continueWithServer(gid),
    () => showToast({ sentence: i18n.t('chat.wentOn') }),
    (failure) => {
      if (failure.name !== 'E_FORK') return false;
      showToast({ tone: 'bad', sentence: i18n.t('chat.logsDiffer') });
      return true;
    },
  );
}
