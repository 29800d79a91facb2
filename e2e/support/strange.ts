/** Texts that broke other programs, and what a page must look like that only shows them. */
import process from 'node:process';
import type { Page } from 'playwright/test';
import { sendFile, sourceOf } from '../../src/client/files.ts';
import { neutralise } from '../../src/client/shownName.ts';
import { fileName } from '../../src/engine/fileName.ts';
import { nameBytes } from '../../src/engine/names.ts';
import { STRANGE } from '../../src/scenario/strangeTexts.ts';
import { type Bot, type GroupId, must } from './bots.ts';

export { STRANGE };

/** Every text that can be the name of a person, with what is shown of it; of those that are shown alike, the first. */
export const STRANGE_NAMES: ReadonlyMap<string, string> = new Map(
  STRANGE.toReversed().flatMap((text) => {
    // What others see has room for so many bytes.
    const told = Buffer.from(nameBytes(neutralise(text) ?? '')).toString('utf8');
    const shown = neutralise(told);
    return shown === null ? [] : [[shown, text] as const];
  }),
);

/** Each of them costs an account or a file of its own: a fifth of them, unless the environment asks for all. */
export const some = <T>(texts: readonly T[]): readonly T[] =>
  process.env['ATTACK_STRANGE'] === 'all' ? texts : texts.filter((_, n) => n % 5 === 0);

/** Texts as names of files, with what is shown of each. */
export const STRANGE_FILES: readonly (readonly [string, string])[] = some(STRANGE).map((text) => [
  text,
  fileName(text),
]);

/** A file of one byte under this name. */
export async function sendNamed(client: Bot, gid: GroupId, name: string): Promise<void> {
  const wishes = { name, media: 'application/octet-stream' };
  must(await sendFile(client, gid, wishes, sourceOf(new Uint8Array([7]))));
}

/** Fewer than make a wave of one link: markup, marks that turn text round, what is very long or very tall. */
export const STRANGEST = [
  ...STRANGE.filter((text) => /[\u202a-\u202e\u2066-\u2069]/u.test(text)),
  ...STRANGE.filter((text) => text.length > 200),
  ...STRANGE.filter((text) => /[\u0300-\u036f]{4}/u.test(text)),
  ...STRANGE.filter((text) => /^<(img|script|svg|iframe|a |div|style)/iu.test(text)),
  ...STRANGE.filter((text) => /\{\{|\$\{|%s|<!--/u.test(text)),
].slice(0, 40);

/** What a text has become on this page that is more than text; none where it was only shown. */
export function moreThanText(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const told: string[] = [];
    const made =
      '#root :is(script,iframe,object,embed,img,video,audio,style,link,meta,base,marquee,math,frameset,applet)';
    for (const one of document.querySelectorAll(made)) told.push(one.outerHTML.slice(0, 200));
    for (const one of document.querySelectorAll('#root *'))
      for (const { name, value } of one.attributes)
        if (/^on/iu.test(name) || /^\s*(javascript|data|vbscript):/iu.test(value))
          told.push(`${name}=${value.slice(0, 200)}`);
    for (const one of document.querySelectorAll('#root a[href]'))
      if (!/^(\/|https?:\/\/)/u.test(one.getAttribute('href') ?? '')) told.push(one.outerHTML);
    const wider = document.documentElement.scrollWidth - window.innerWidth;
    if (wider > 0) told.push(`${String(wider)} px wider than the window`);
    return told;
  });
}
