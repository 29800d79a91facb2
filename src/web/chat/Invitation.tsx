/** Somebody added this person directly: the group is not shown before they accept. */
import { useNavigate } from '@tanstack/react-router';
import { Link } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { isolate, Isolated, nameOf } from '../parts/isolate.tsx';
import { paths } from '../paths.ts';
import { useAcceptInvitation, useLeaveGroup } from '../queries/groups.ts';
import { askFirst } from '../stores/confirm.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Button, buttonClasses } from '../ui/Button.tsx';
import type { GroupView } from '../../client/view.ts';

export function Invitation({ group }: { readonly group: GroupView }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const accept = useAcceptInvitation(group.gid);
  const decline = useLeaveGroup(group.gid, () => void navigate({ to: paths.home() }));
  const name = group.name ?? t('group.unnamed');
  const adder = group.members.find((member) => member.me)?.addedBy ?? null;
  return (
    <main className="flex min-h-0 flex-1 flex-col overflow-y-auto">
      <div className="flex h-[60px] items-center px-2 tablet:hidden">
        <Link
          to={paths.home()}
          aria-label={t('app.back')}
          className={buttonClasses('ghost', 'icon')}
        >
          <ArrowLeft size={19} aria-hidden className="rtl:-scale-x-100" />
        </Link>
      </div>
      <section
        aria-labelledby="invitation"
        className="mx-auto grid w-full max-w-md flex-1 content-center justify-items-center gap-3 px-6 py-12 text-center"
      >
        <Avatar id={group.gid} name={group.name ?? ''} size="xl" />
        <h2 id="invitation" className="text-large font-[660] tracking-[-0.015em]">
          <bdi>{name}</bdi>
        </h2>
        <p className="text-ink-2 text-pretty">
          {adder === null ? (
            t('chat.invitedNobody')
          ) : (
            <Isolated
              text={t(group.pair ? 'chat.invitedPair' : 'chat.invitedBody', {
                who: isolate(nameOf(adder)),
              })}
            />
          )}
        </p>
        {group.about !== '' && (
          <p
            dir="auto"
            className="mt-1 rounded-md bg-sunken px-4 py-3 text-small whitespace-pre-line"
          >
            {group.about}
          </p>
        )}
        <div className="mt-4 flex gap-2">
          <Button look="primary" busy={accept.busy} onClick={() => void accept.run()}>
            {t('chat.accept')}
          </Button>
          <Button
            busy={decline.busy}
            onClick={() =>
              askFirst({
                title: t('chat.declineTitle', { name }),
                body: t('chat.declineBody'),
                action: t('chat.decline'),
                tone: 'danger',
                run: () => void decline.run(''),
              })
            }
          >
            {t('chat.decline')}
          </Button>
        </div>
      </section>
    </main>
  );
}
