/** Whether this browser says that its passkeys can open things. */
import { queryOptions } from '@tanstack/react-query';
import { passkeysPossible } from '../passkey.ts';

export const passkeysQuery = () =>
  queryOptions({ queryKey: ['passkeys'], queryFn: passkeysPossible });
