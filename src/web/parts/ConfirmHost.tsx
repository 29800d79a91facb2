/** Draws the question of stores/confirm. */
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { endQuestion, useConfirm } from '../stores/confirm.ts';

export function ConfirmHost() {
  const { t } = useTranslation();
  const { open, question } = useConfirm();
  return (
    <Dialog
      firm
      open={open}
      onClose={endQuestion}
      title={question?.title ?? ''}
      closeLabel={t('app.close')}
      foot={
        <>
          <Button onClick={endQuestion}>{t('app.cancel')}</Button>
          <Button
            look={question?.tone === 'danger' ? 'danger' : 'primary'}
            onClick={() => {
              endQuestion();
              question?.run();
            }}
          >
            {question?.action}
          </Button>
        </>
      }
    >
      <p className="text-ink-2 text-pretty">{question?.body}</p>
    </Dialog>
  );
}
