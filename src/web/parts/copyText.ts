import { i18n } from '../text/i18n.ts';
import { showToast } from '../stores/toast.ts';

/** Answers whether the text is on the clipboard; says so where the browser did not allow it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    showToast({
      tone: 'bad',
      sentence: i18n.t('app.copyFailed'),
      next: i18n.t('app.copyFailedNext'),
    });
    return false;
  }
}
