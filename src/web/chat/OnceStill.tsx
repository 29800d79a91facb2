/** What a line shows only once it stands still: lines that fly past are drawn without it. */
import { createContext, type ReactNode, useContext, useState } from 'react';
import { Afterwards } from '../ui/Afterwards.tsx';

/** Whether the talk stands still. */
export const StillContext = createContext(true);

export function OnceStill({ children }: { readonly children: ReactNode }) {
  const still = useContext(StillContext);
  // Once drawn it stays: the next scroll is no reason to take it away.
  const [due, setDue] = useState(still);
  if (still && !due) setDue(true);
  return due && <Afterwards>{children}</Afterwards>;
}
