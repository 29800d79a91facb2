/** What a link leads to, before any account; then what became of asking (Asked.tsx). */
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { History, ShieldCheck, UserRound, UsersRound } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { Failed } from '../parts/Failed.tsx';
import { isolate, Isolated } from '../parts/isolate.tsx';
import { paths } from '../paths.ts';
import { accountQuery } from '../queries/account.ts';
import { useClient } from '../queries/clientContext.ts';
import { groupsQuery } from '../queries/groups.ts';
import { joiningQuery, ownRequestsQuery, useAskToJoin } from '../queries/joining.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { useBlobUrl } from '../ui/useBlobUrl.ts';
import { Button, buttonClasses } from '../ui/Button.tsx';
import { TextArea, TextField } from '../ui/Field.tsx';
import { useLostFocus } from '../ui/lostFocus.ts';
import { Banner, Skeleton } from '../ui/Notice.tsx';
import type { JoinView, OwnRequestView } from '../../client/view.ts';
import { ROLE } from '../../protocol/role.ts';
import { Asked, Heading } from './Asked.tsx';
import { Card, Page } from './Page.tsx';
import { neutralise } from '../../client/shownName.ts';

export function JoinPage({ joinId }: { readonly joinId: string }) {
  const client = useClient();
  const joining = useQuery(joiningQuery(client, joinId));
  const requests = useQuery(ownRequestsQuery(client));
  const groups = useQuery(groupsQuery(client));
  // Whether a name is asked for is known before the form is shown.
  const account = useQuery(accountQuery(client));
  const gid = joining.data?.gid;
  // Once in and out again: an old admission says nothing about this link any more.
  const outAgain = groups.data?.some(
    (group) => group.gid === gid && ['left', 'removed'].includes(group.standing),
  );
  const request = requests.data?.find((own) => {
    if (own.state === 'admitted' && outAgain === true) return false;
    if (own.joinId === joinId) return true;
    return own.gid === gid && ['sending', 'waiting', 'admitted'].includes(own.state);
  });
  useOpenWhenAdmitted(request);
  return (
    <Page>
      <div className="mx-auto max-w-[520px]">
        {joining.isError ? (
          <Failed error={joining.error} onRetry={() => void joining.refetch()} />
        ) : joining.isPending || account.isPending ? (
          <Skeleton className="h-80 w-full rounded-lg" />
        ) : (
          <Joining view={joining.data} request={request} />
        )}
      </div>
    </Page>
  );
}

/** The group opens by itself once the engine has it. */
function useOpenWhenAdmitted(request: OwnRequestView | undefined): void {
  const navigate = useNavigate();
  const groups = useQuery(groupsQuery(useClient()));
  const gid = request?.state === 'admitted' ? request.gid : null;
  const there = groups.data?.some((group) => group.gid === gid && group.standing === 'member');
  useEffect(() => {
    if (gid !== null && there === true) void navigate({ to: paths.group(gid), replace: true });
  }, [gid, there, navigate]);
}

function Joining({
  view,
  request,
}: {
  readonly view: JoinView;
  readonly request: OwnRequestView | undefined;
}) {
  const [again, setAgain] = useState(false);
  // The server says so only to somebody who asks.
  const [banned, setBanned] = useState(false);
  const asked = request !== undefined && !(again && view.state === 'open');
  if (view.state === 'badLink' || view.state === 'wrongServer')
    return (
      <Card>
        <NotOpen view={view} />
      </Card>
    );
  return (
    <Card labelledBy="join-name">
      <Preview view={view} fallback={request?.name} brief={asked} />
      <div className="mt-6 border-t border-line pt-6">
        {asked ? (
          <Asked
            request={request}
            canAskAgain={view.state === 'open'}
            onAskAgain={() => setAgain(true)}
          />
        ) : banned ? (
          <NotOpen view={{ ...view, state: 'banned' }} />
        ) : view.state === 'open' ? (
          <AskForm view={view} onAsked={() => setAgain(false)} onBanned={() => setBanned(true)} />
        ) : (
          <NotOpen view={view} />
        )}
      </div>
    </Card>
  );
}

function Preview({
  view,
  fallback,
  brief,
}: {
  readonly view: JoinView;
  readonly fallback: string | undefined;
  readonly brief: boolean;
}) {
  const { t } = useTranslation();
  const heading = useLostFocus();
  const { preview } = view;
  const name = preview?.name ?? fallback ?? t('group.unnamed');
  const picture = useBlobUrl(preview?.image);
  return (
    <>
      <div className="flex items-center gap-4">
        <Avatar id={view.gid} name={preview?.name ?? fallback ?? ''} size="xl" picture={picture} />
        <div className="min-w-0">
          {!brief && (
            <p className="text-small text-ink-2">
              {preview === null || preview.inviter === '' ? (
                t('join.leadNobody')
              ) : (
                <Isolated text={t('join.lead', { name: isolate(preview.inviter) })} />
              )}
            </p>
          )}
          <h1
            ref={heading}
            tabIndex={-1}
            id="join-name"
            className="outline-none text-large leading-tight font-[660] tracking-[-0.015em] [overflow-wrap:anywhere]"
          >
            <bdi>{name}</bdi>
          </h1>
        </div>
      </div>
      {preview === null && !brief && (
        <div className="mt-5">
          <Banner tone="warn">
            {t('join.noPreview')} {t('join.noPreviewNext')}
          </Banner>
        </div>
      )}
      {preview !== null && !brief && (
        <>
          {preview.about !== '' && (
            <p dir="auto" className="mt-5 whitespace-pre-line [overflow-wrap:anywhere]">
              {preview.about}
            </p>
          )}
          <ul className="mt-5 grid gap-2 text-small text-ink-2">
            <Fact icon={<UsersRound size={16} aria-hidden />}>
              {t('join.size', { size: preview.size.replace('-', '–') })}
            </Fact>
            <Fact icon={<ShieldCheck size={16} aria-hidden />}>
              {preview.review ? t('join.review') : t('join.auto')}
            </Fact>
            <Fact icon={<History size={16} aria-hidden />}>
              {preview.history === 'none' ? t('join.historyNone') : t('join.historyShared')}
            </Fact>
            {preview.role === ROLE.observer && (
              <Fact icon={<UserRound size={16} aria-hidden />}>{t('join.asObserver')}</Fact>
            )}
          </ul>
          {preview.rules !== '' && (
            <section className="mt-5 rounded-md bg-sunken px-4 py-3">
              <h2 className="text-small font-[580]">{t('join.rules')}</h2>
              <p
                dir="auto"
                className="mt-1 text-small whitespace-pre-line text-ink-2 [overflow-wrap:anywhere]"
              >
                {preview.rules}
              </p>
            </section>
          )}
        </>
      )}
    </>
  );
}

function Fact({ icon, children }: { readonly icon: ReactNode; readonly children: ReactNode }) {
  return (
    <li className="flex items-start gap-3">
      <span className="mt-0.5 shrink-0 text-ink-3">{icon}</span>
      <span>{children}</span>
    </li>
  );
}

function AskForm({
  view,
  onAsked,
  onBanned,
}: {
  readonly view: JoinView;
  readonly onAsked: () => void;
  readonly onBanned: () => void;
}) {
  const { t } = useTranslation();
  const client = useClient();
  const account = useQuery(accountQuery(client));
  const ask = useAskToJoin();
  const form = useForm({ defaultValues: { name: '', note: '' } });
  const nameless = account.data === null;
  const submit = form.handleSubmit(async ({ name, note }) => {
    const outcome = await ask.run({
      joinId: view.joinId,
      name: nameless ? name.trim() : null,
      note: note.trim(),
    });
    if (outcome?.ok === true) onAsked();
    if (outcome?.ok === false && outcome.error.name === 'E_BANNED') onBanned();
  });
  return (
    <form noValidate className="grid gap-4" onSubmit={(event) => void submit(event)}>
      {nameless && (
        <TextField
          label={t('join.name')}
          hint={t('join.nameHint')}
          maxLength={60}
          autoComplete="nickname"
          fault={form.formState.errors.name?.message}
          {...form.register('name', {
            validate: (name) => neutralise(name) !== null || t('start.enterName'),
          })}
        />
      )}
      <TextArea
        label={t('join.note')}
        aside={t('app.optional')}
        hint={t('join.noteHint')}
        maxLength={500}
        {...form.register('note')}
      />
      <Button look="primary" size="large" type="submit" busy={ask.busy}>
        {t('join.ask')}
      </Button>
      <div className="grid gap-1">
        {nameless && (
          <Link to={paths.restoreThenJoin(view.joinId)} className={buttonClasses('ghost')}>
            {t('start.have')}
          </Link>
        )}
        <DismissButton joinId={view.joinId} />
      </div>
    </form>
  );
}

function DismissButton({ joinId }: { readonly joinId: string }) {
  const { t } = useTranslation();
  const client = useClient();
  const navigate = useNavigate();
  return (
    <Button
      look="ghost"
      onClick={() => {
        void client.dismissLink(joinId).then(() => navigate({ to: paths.home() }));
      }}
    >
      {t('join.dismiss')}
    </Button>
  );
}

function NotOpen({ view }: { readonly view: JoinView }) {
  const { t } = useTranslation();
  return (
    <div aria-live="polite">
      <Heading text={t(`join.state.${view.state}`)} />
      <p className="mt-1 text-ink-2">{t(`join.stateNext.${view.state}`)}</p>
      <div className="mt-5 flex flex-wrap gap-2">
        {view.state === 'member' ? (
          <Link to={paths.group(view.gid)} className={buttonClasses('primary')}>
            {t('join.openGroup')}
          </Link>
        ) : (
          <Link to={paths.home()} className={buttonClasses('primary')}>
            {t('join.toGroups')}
          </Link>
        )}
        {view.state === 'asked' && (
          <Link to={paths.ownRequests()} className={buttonClasses()}>
            {t('join.toRequests')}
          </Link>
        )}
        {(view.state === 'badLink' || view.state === 'wrongServer') && (
          <Link to={paths.join()} className={buttonClasses()}>
            {t('join.pasteOther')}
          </Link>
        )}
      </div>
    </div>
  );
}
