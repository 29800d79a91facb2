/** Who the person is, how the account can be had back, where it is signed in, and how the connection stands. */
import { queryOptions, useQueryClient } from '@tanstack/react-query';
import type { Client } from '../../client/client.ts';
import type { Outcome } from '../../protocol/failure.ts';
import type { Dev, Gid } from '../../protocol/ids.ts';
import { type Act, useAct } from './useAct.ts';
import type {
  AccountView,
  ConnectionView,
  DeviceOfferView,
  RecoveryView,
} from '../../client/view.ts';

export const accountQuery = (client: Client) =>
  queryOptions({ queryKey: ['account'], queryFn: () => client.account() });

export const connectionQuery = (client: Client) =>
  queryOptions({ queryKey: ['connection'], queryFn: () => client.connection() });

export const deletionQuery = (client: Client) =>
  queryOptions({ queryKey: ['deletion'], queryFn: () => client.deletion() });

/** The same answer, asked one thing: was this device signed out of its account? */
export const signedOutQuery = (client: Client) => ({
  ...connectionQuery(client),
  select: (view: ConnectionView) => view.state === 'refused' && view.reason.name === 'E_DEVICE',
});

export const recoveryQuery = (client: Client) =>
  queryOptions({ queryKey: ['recovery'], queryFn: () => client.recovery() });

/** Whether the code that is shown was used by now. */
export const DEVICE_CODE_KEY = ['deviceCode'] as const;

export const deviceCodeQuery = () =>
  queryOptions<'used' | null>({
    queryKey: DEVICE_CODE_KEY,
    queryFn: () => null,
    initialData: null,
  });

export const devicesQuery = (client: Client) =>
  queryOptions({ queryKey: ['devices'], queryFn: () => client.devices() });

export function useCreateAccount(): Act<string, AccountView> {
  return useAct((client, name) => client.createAccount(name));
}

/** The code goes to the caller alone: the cache never holds it. */
export function useShowRecoveryCode(done: (code: string) => void): Act<void, string> {
  const cache = useQueryClient();
  return useAct(
    (client) => client.showRecoveryCode(),
    (code) => {
      void cache.invalidateQueries({ queryKey: ['recovery'] });
      done(code);
    },
  );
}

export type TypedGroup = readonly [place: number, text: string];

export function useProveRecoveryCode(done: () => void): Act<readonly TypedGroup[], void> {
  const cache = useQueryClient();
  return useAct(
    (client, groups) => client.proveRecoveryCode(groups),
    () => {
      cache.setQueryData<RecoveryView>(['recovery'], { state: 'proved' });
      done();
    },
    // Said beside the fields.
    (failure) => failure.name === 'E_AUTH' || failure.name === 'E_FORMAT',
  );
}

export function useRestoreAccount(done: (account: AccountView) => void): Act<string, AccountView> {
  const cache = useQueryClient();
  return useAct(
    (client, code) => client.restoreAccount(code),
    (account) => {
      cache.setQueryData(['account'], account);
      done(account);
    },
    (failure) => ['E_FORMAT', 'E_AUTH', 'E_NOT_FOUND'].includes(failure.name),
  );
}

/** The code goes to the caller alone: the cache never holds it. */
export function useOfferDevice(done: (offer: DeviceOfferView) => void): Act<void, DeviceOfferView> {
  const cache = useQueryClient();
  return useAct((client) => {
    cache.setQueryData(DEVICE_CODE_KEY, null);
    return client.offerDevice();
  }, done);
}

export function useWithdrawDeviceOffer(): Act<void, void> {
  // A code that is not called off is over in minutes all the same.
  return useAct(
    (client) => client.withdrawDeviceOffer(),
    undefined,
    () => true,
  );
}

export function useEnterFromDevice(done: (account: AccountView) => void): Act<string, AccountView> {
  const cache = useQueryClient();
  return useAct(
    (client, code) => client.enterFromDevice(code),
    (account) => {
      cache.setQueryData(['account'], account);
      done(account);
    },
    (failure) => ['E_FORMAT', 'E_AUTH', 'E_FORK'].includes(failure.name),
  );
}

export function useSignOutDevice(done: (dev: Dev) => void): Act<Dev, void> {
  const cache = useQueryClient();
  return useAct(
    (client, dev) => client.signOutDevice(dev),
    (_, dev) => {
      void cache.invalidateQueries({ queryKey: ['devices'] });
      done(dev);
    },
  );
}

/** The engine ends with it, in every tab: shell/Root.tsx then starts the page over. */
export function useLogOut(): Act<{ readonly evenSo: boolean }, void> {
  return useAct((client, { evenSo }) => client.logOut(evenSo).catch(gone));
}

export function useEnrolAgain(): Act<void, void> {
  return useAct((client) => client.enrolAgain());
}

export function useDeleteAccount(): Act<readonly Gid[], void> {
  return useAct((client, close) => client.deleteAccount(close).catch(gone));
}

export function useEraseNow(): Act<void, void> {
  return useAct((client) => client.eraseNow().catch(gone));
}

/** The door closes behind an account that was erased, at times before the answer is through. */
function gone(): Outcome<void> {
  return { ok: true, value: undefined };
}
