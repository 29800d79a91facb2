/** Somebody carries the name of a person who was here before: said, and where that person had been compared, asked. */
import { UserRoundSearch } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isolate, Isolated, nameOf } from '../parts/isolate.tsx';
import { SafetyDialog } from '../parts/SafetyDialog.tsx';
import { useChangePreferences } from '../queries/preferences.ts';
import { Banner } from '../ui/Notice.tsx';
import { Button } from '../ui/Button.tsx';
import type { ChangedIdentity, GroupView, MemberView } from '../../client/view.ts';

export function IdentityBanners({ group }: { readonly group: GroupView }) {
  const [comparing, setComparing] = useState<MemberView | null>(null);
  if (group.standing !== 'member') return null;
  return (
    <>
      {group.changedIdentities.map((one) => (
        <IdentityBanner
          key={one.who.pid}
          changed={one}
          onCompare={() =>
            setComparing(group.members.find((member) => member.pid === one.who.pid) ?? null)
          }
        />
      ))}
      <SafetyDialog person={comparing} onClose={() => setComparing(null)} />
    </>
  );
}

function IdentityBanner({
  changed,
  onCompare,
}: {
  readonly changed: ChangedIdentity;
  readonly onCompare: () => void;
}) {
  const { t } = useTranslation();
  const accept = useChangePreferences();
  const { who, before, compared } = changed;
  const words = { who: isolate(nameOf(who)), before: before.mark, now: who.mark };
  return (
    <Banner
      tone={compared ? 'bad' : 'warn'}
      role="alert"
      icon={<UserRoundSearch size={18} aria-hidden />}
      action={
        <div className="flex flex-wrap gap-2">
          <Button size="small" onClick={onCompare}>
            {t('chat.identity.compare')}
          </Button>
          <Button
            size="small"
            look="ghost"
            busy={accept.busy}
            onClick={() => void accept.run({ accept: who.pid })}
          >
            {compared ? t('chat.identity.sendAnyway') : t('chat.identity.fine')}
          </Button>
        </div>
      }
    >
      <Isolated text={t(compared ? 'chat.identity.held' : 'chat.identity.notice', words)} />
    </Banner>
  );
}
