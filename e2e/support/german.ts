/** The page in German: its texts, and what of it is not German. */
import type { Page } from 'playwright/test';
import { de } from '../../src/web/text/de.ts';
import { en } from '../../src/web/text/en.ts';

export const GERMAN = de;

/** A text with its places filled. */
export const filled = (text: string, parts: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\{\{(\w+)\}\}/gu, (_, name: string) => parts[name] ?? '');

function leaves(texts: unknown): string[] {
  return typeof texts === 'string' ? [texts] : Object.values(texts as object).flatMap(leaves);
}

/** English texts that German has not, as what they become on the screen; those with hardly a word of their own say nothing. */
function englishOnly(): readonly RegExp[] {
  const german = new Set(leaves(de));
  return leaves(en)
    .filter((text) => !german.has(text))
    .filter((text) => /\p{L}{3}/u.test(text.replaceAll(/\{\{.*?\}\}/gu, '')))
    .map((text) => {
      const fixed = text
        .split(/\{\{.*?\}\}/u)
        .map((part) => part.replaceAll(/[$()*+.?[\\\]^{|}]/gu, '\\$&'));
      return new RegExp(`^${fixed.join('.+')}$`, 'u');
    });
}

const ENGLISH = englishOnly();

/** Everything the page says: short texts of its elements, and names and hints that are heard or hovered. Six words are English in every language. */
const said = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = [document.title];
    for (const element of document.body.querySelectorAll('*')) {
      if (element.closest('[lang=en], script, style') !== null || !element.checkVisibility())
        continue;
      if (element instanceof HTMLElement && element.querySelector('[lang=en]') === null)
        found.push(element.innerText);
      for (const name of ['aria-label', 'placeholder', 'title', 'alt'])
        found.push(element.getAttribute(name) ?? '');
    }
    return [...new Set(found.map((text) => text.replaceAll(/[\s\u2068\u2069]+/gu, ' ').trim()))];
  });

/** English texts that are on the page. */
export async function englishSaid(page: Page): Promise<string[]> {
  const texts = await said(page);
  return texts.filter((text) => ENGLISH.some((english) => english.test(text)));
}
