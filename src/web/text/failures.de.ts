/** The sentences of client/failureText.ts in German. They stand here because the engine and the command line speak English. */
import type { FailureText } from '../../client/failureText.ts';
import type { ErrorName } from '../../protocol/failure.ts';

export const FAILURE_TEXT_DE: Readonly<Record<ErrorName, FailureText>> = {
  E_FORMAT: {
    sentence: 'Etwas kam in einer Form an, die Conclave nicht annimmt.',
    next: 'Versuche es noch einmal; wenn es so bleibt, frag die Person, von der es kam.',
  },
  E_SIG: {
    sentence: 'Eine Signatur gehört nicht zu der Person, die sie nennt.',
    next: 'Nichts wurde geändert. Vergleiche die Codes mit der Person.',
  },
  E_SEQ: {
    sentence: 'Eine Änderung kam außer der Reihe.',
    next: 'Conclave fragt von selbst nach dem, was fehlt.',
  },
  E_PREV: {
    sentence: 'Jemand anderes hat die Gruppe zuerst geändert.',
    next: 'Sieh dir an, was sich geändert hat, und entscheide dann noch einmal.',
  },
  E_GID: { sentence: 'Das gehört zu einer anderen Gruppe.', next: 'Nichts wurde geändert.' },
  E_TIME: {
    sentence: 'Eine Uhr geht falsch.',
    next: 'Prüfe Datum und Uhrzeit dieses Geräts.',
  },
  E_ROLE: {
    sentence: 'Deine Rolle erlaubt das nicht.',
    next: 'Frag die Leitung oder die Moderation.',
  },
  E_CARD: {
    sentence: 'Die Schlüssel dieser Person passen nicht zu dem, was die Gruppe kennt.',
    next: 'Vergleiche die Codes mit ihr, bevor du weitermachst.',
  },
  E_ROSTER: {
    sentence: 'Die Mitgliederliste hat sich inzwischen geändert.',
    next: 'Sieh dir die Mitglieder an und entscheide dann noch einmal.',
  },
  E_GEN: {
    sentence: 'Die Änderung bringt nicht den richtigen neuen Schlüssel mit.',
    next: 'Versuche es noch einmal.',
  },
  E_KC: {
    sentence: 'Der neue Schlüssel ist nicht der angekündigte.',
    next: 'Die Moderation wechselt den Schlüssel; du musst nichts tun.',
  },
  E_BOX: {
    sentence: 'Dein versiegelter Schlüssel ließ sich nicht öffnen.',
    next: 'Conclave bittet die Moderation von selbst um einen neuen Schlüssel.',
  },
  E_HIST: {
    sentence: 'Frühere Nachrichten dürfen hier nicht geteilt werden.',
    next: 'Frag die Person, die deine Anfrage freigegeben hat.',
  },
  E_PROFILE: {
    sentence: 'Der Name der Gruppe war nicht richtig versiegelt.',
    next: 'Der frühere Name bleibt, bis die Moderation ihn neu setzt.',
  },
  E_LINK: {
    sentence: 'Über diesen Link kommt niemand mehr herein.',
    next: 'Bitte um einen neuen Link.',
  },
  E_BANNED: {
    sentence: 'Diese Person ist in dieser Gruppe gesperrt.',
    next: 'Hebe zuerst die Sperre auf.',
  },
  E_REQ: {
    sentence: 'Diese Anfrage ist nicht mehr offen.',
    next: 'Frage über einen Link noch einmal an.',
  },
  E_NOT_MEMBER: {
    sentence: 'Du bist kein Mitglied dieser Gruppe.',
    next: 'Bitte um einen Beitrittslink.',
  },
  E_DEVICE: {
    sentence: 'Dieses Gerät gehört nicht mehr zum Konto.',
    next: 'Melde dich mit dem Wiederherstellungscode wieder an.',
  },
  E_STALE_GEN: {
    sentence: 'Der Schlüssel hat gewechselt, während das unterwegs war.',
    next: 'Es wird von selbst noch einmal gesendet.',
  },
  E_REPLAY: { sentence: 'Das ist schon angekommen.', next: 'Du musst nichts tun.' },
  E_GAP: {
    sentence: 'Davor fehlt etwas.',
    next: 'Conclave fragt von selbst danach.',
  },
  E_AEAD: {
    sentence: 'Diese Nachricht ließ sich mit dem Schlüssel ihrer Zeit nicht öffnen.',
    next: 'Bitte die Person, sie noch einmal zu senden.',
  },
  E_FORK: {
    sentence: 'Der Server hat zwei verschiedene Verläufe dieser Gruppe gezeigt.',
    next: 'Hier wird nichts mehr gesendet. Exportiere die Belege, zeige sie den anderen und vergleiche mit ihnen den Gruppencode.',
  },
  E_WITHHELD: {
    sentence: 'Der Server gibt diese Nachricht nicht heraus.',
    next: 'Frag die Person, die sie geschrieben hat, oder wer den Server betreibt.',
  },
  E_PENDING: {
    sentence: 'Die Gruppe wartet auf einen neuen Schlüssel.',
    next: 'Es geht weiter, wenn die Moderation online ist.',
  },
  E_CLOSED: {
    sentence: 'Diese Gruppe wurde geschlossen.',
    next: 'Was du hast, kannst du weiterhin lesen.',
  },
  E_LIMIT: {
    sentence: 'Das ist mehr als erlaubt.',
    next: 'Mach es kleiner oder versuche es später noch einmal.',
  },
  E_AUTH: {
    sentence: 'Der Server hat die Anmeldung dieses Geräts nicht angenommen.',
    next: 'Prüfe die Uhr dieses Geräts und verbinde dich dann neu.',
  },
  E_SUITE: {
    sentence: 'Diese Gruppe benutzt eine Verschlüsselung, die diese Version nicht kennt.',
    next: 'Aktualisiere Conclave.',
  },
  E_VERSION: {
    sentence: 'Das kommt von einer späteren Version von Conclave.',
    next: 'Lade neu, um zu aktualisieren.',
  },
  E_NOT_FOUND: {
    sentence: 'Das gibt es hier nicht oder nicht mehr.',
    next: 'Prüfe den Link oder den Namen.',
  },
  E_BUSY: {
    sentence: 'Der Server ist beschäftigt.',
    next: 'Es wird von selbst noch einmal versucht.',
  },
  E_STORAGE: {
    sentence: 'Das konnte nicht gespeichert werden.',
    next: 'Schaffe Platz auf dem Gerät und versuche es dann noch einmal.',
  },
  E_OFFLINE: {
    sentence: 'Es gibt keine Verbindung zum Server.',
    next: 'Es geht weiter, wenn du online bist.',
  },
  E_TIMEOUT: {
    sentence: 'Der Server hat nicht rechtzeitig geantwortet.',
    next: 'Versuche es noch einmal.',
  },
};
