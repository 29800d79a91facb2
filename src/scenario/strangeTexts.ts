/** The Big List of Naughty Strings (data/blns.LICENSE): texts that broke other programs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const STRANGE = JSON.parse(
  readFileSync(join(import.meta.dirname, 'data/blns.json'), 'utf8'),
) as readonly string[];
