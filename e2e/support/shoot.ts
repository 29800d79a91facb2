/** Takes the pictures of `npm run screenshots`: three widths, light and dark. */
import { join } from 'node:path';
import { expect, type Page } from 'playwright/test';

export const SCREENS = join(import.meta.dirname, '../../test-results/screens');

const WIDTHS = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
];

export async function shoot(page: Page, name: string): Promise<void> {
  const notices = page
    .locator('[data-notices]')
    .getByRole('button', { name: 'Dismiss', exact: true });
  while ((await notices.count()) > 0) await notices.first().click();
  for (const theme of ['light', 'dark'] as const) {
    await page.evaluate(
      (value) => document.documentElement.setAttribute('data-theme', value),
      theme,
    );
    for (const size of WIDTHS) {
      await page.setViewportSize(size);
      await page.screenshot({
        path: join(SCREENS, `${name}-${String(size.width)}-${theme}.png`),
        animations: 'disabled',
      });
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'light'));
}

/** Opens a window, takes its pictures, and closes it again. */
export async function windowOf(page: Page, name: string, open: () => Promise<void>): Promise<void> {
  await open();
  await expect(page.getByRole('dialog')).toBeVisible();
  await shoot(page, name);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
}
