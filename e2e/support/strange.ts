/** Texts that broke other programs, and what a page must look like that only shows them. */
import type { Page } from 'playwright/test';
import { STRANGE } from '../../src/scenario/strangeTexts.ts';

export { STRANGE };

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
