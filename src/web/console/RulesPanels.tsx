/** What newcomers may read, how they come in, and who may do what: one setting at a time. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { GroupView } from '../../client/view.ts';
import type { PolicyName } from '../../protocol/policy.ts';
import { ROLE } from '../../protocol/role.ts';
import { whyNotPolicy } from '../may.ts';
import { useSetHistory, useSetPolicy } from '../queries/running.ts';
import { askFirst } from '../stores/confirm.ts';
import { joinDefaults, setJoinDefaults } from '../stores/joinDefaults.ts';
import { showToast } from '../stores/toast.ts';
import { Button } from '../ui/Button.tsx';
import { Choices } from '../ui/Field.tsx';
import { Panel } from './Panel.tsx';
import { useReason } from './useReason.ts';

export function HistoryPanel({ group }: { readonly group: GroupView }) {
  const { t } = useTranslation();
  const reason = useReason();
  const shared = group.policy.shareableDefault;
  const set = useSetHistory(group.gid, () => showToast({ sentence: t('settings.historySet') }));
  const next = shared ? 'none' : 'shared';
  return (
    <Panel
      title={t('settings.history')}
      body={t(`settings.historyNow.${shared ? 'shared' : 'none'}`)}
    >
      <p className="mb-4 text-small text-ink-2 text-pretty">{t('settings.historySeen')}</p>
      <Button
        busy={set.busy}
        refused={reason(whyNotPolicy(group))}
        onClick={() =>
          askFirst({
            title: t(`settings.historyAsk.${next}`),
            body: t(`settings.historyAskBody.${next}`),
            action: t(`settings.historyAct.${next}`),
            tone: 'plain',
            run: () => void set.run(!shared),
          })
        }
      >
        {t(`settings.historyAct.${next}`)}
      </Button>
    </Panel>
  );
}

export function JoinsPanel({ group }: { readonly group: GroupView }) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState(() => joinDefaults(group.gid));
  const choose = (change: Partial<typeof wanted>): void => {
    const next = { ...wanted, ...change };
    setWanted(next);
    setJoinDefaults(group.gid, next);
  };
  return (
    <Panel title={t('settings.joins')} body={t('settings.joinsBody')}>
      <div className="grid gap-4">
        <Choices
          label={t('links.role')}
          value={wanted.role}
          choices={[
            { value: ROLE.member, label: t('role.member') },
            { value: ROLE.observer, label: t('role.observer') },
          ]}
          onChoose={(role) => choose({ role })}
        />
        <Choices
          label={t('links.admission')}
          value={wanted.auto}
          choices={[
            { value: false, label: t('links.admissionReview') },
            { value: true, label: t('links.admissionAuto') },
          ]}
          onChoose={(auto) => choose({ auto })}
        />
      </div>
    </Panel>
  );
}

const RULES: readonly Exclude<PolicyName, 'shareableDefault'>[] = [
  'announcements',
  'modsEditProfile',
  'modsManageLinks',
  'strictPending',
];

export function RightsPanel({ group }: { readonly group: GroupView }) {
  const { t } = useTranslation();
  const reason = useReason();
  const refused = reason(whyNotPolicy(group));
  const set = useSetPolicy(group.gid, () => showToast({ sentence: t('settings.saved') }));
  return (
    <Panel title={t('settings.rights')} {...(refused === null ? {} : { body: refused })}>
      <ul className="-my-3 divide-y divide-line">
        {RULES.map((name) => (
          <li key={name}>
            <label className="flex items-start gap-3 py-3">
              <input
                type="checkbox"
                role="switch"
                checked={group.policy[name]}
                aria-checked={group.policy[name]}
                aria-label={t(`settings.rule.${name}`)}
                aria-describedby={`rule-${name}`}
                disabled={refused !== null || set.busy}
                onChange={(event) => void set.run({ [name]: event.target.checked })}
                className="mt-[3px] size-[18px] shrink-0 accent-(--accent)"
              />
              <span className="min-w-0">
                <span className="block font-[550]">{t(`settings.rule.${name}`)}</span>
                <span id={`rule-${name}`} className="block text-small text-ink-2 text-pretty">
                  {t(`settings.ruleNote.${name}`)}
                </span>
              </span>
            </label>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
