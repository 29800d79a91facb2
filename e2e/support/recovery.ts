/** Making a recovery code the way a person does. */
import { expect, type Page } from 'playwright/test';

/** Shows the recovery code, copies it and types the two asked groups back. */
export async function saveCode(page: Page): Promise<string> {
  await page.getByRole('button', { name: /^Account menu/u }).click();
  await page.getByRole('menuitem', { name: 'Recovery code' }).click();
  await page.getByRole('button', { name: 'Show the recovery code' }).click();
  await page.getByRole('button', { name: 'Copy' }).click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  const code = copied.replace(/[^0-9A-Z]/gu, '');
  expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/u);
  await page.getByRole('button', { name: 'I have saved it' }).click();
  for (const field of await page.getByRole('textbox', { name: /^Group \d of 5/u }).all()) {
    const label = (await field.getAttribute('aria-label')) ?? (await labelOf(page, field));
    const place = Number(/Group (\d)/u.exec(label)?.[1]) - 1;
    await field.fill(place === 4 ? code.slice(20) : code.slice(5 * place, 5 * place + 5));
  }
  await page.getByRole('button', { name: 'Check' }).click();
  await expect(page.getByText('You have a recovery code and have typed it back.')).toBeVisible();
  return code;
}

async function labelOf(page: Page, field: ReturnType<Page['locator']>): Promise<string> {
  const id = (await field.getAttribute('id')) ?? '';
  return page.locator(`label[for="${id}"]`).innerText();
}
