/** One domain label per use; no two are equal. Signature labels name the only key that may use them. */
export const SIGN = {
  /** root key */
  card: 'conclave1/card',
  /** device key */
  act: 'conclave1/act',
  msg: 'conclave1/msg',
  auth: 'conclave1/auth',
  accept: 'conclave1/accept',
  name: 'conclave1/name',
  ack: 'conclave1/ack',
  preview: 'conclave1/preview-sig',
  drop: 'conclave1/drop',
  /** link key */
  link: 'conclave1/link',
  /** server key */
  checkpoint: 'conclave1/checkpoint',
} as const;
export type SignLabel = (typeof SIGN)[keyof typeof SIGN];

export const HASH = {
  pid: 'conclave1/pid',
  cardHash: 'conclave1/cardhash',
  entry: 'conclave1/entry',
  roster: 'conclave1/roster',
  boxes: 'conclave1/boxes',
  sealed: 'conclave1/sealed',
  profileCommit: 'conclave1/profc',
  staffCommit: 'conclave1/staffc',
  T0: 'conclave1/T0',
  T: 'conclave1/T',
  item: 'conclave1/item',
  body: 'conclave1/body',
  blob: 'conclave1/blob',
  linkCheck: 'conclave1/linkchk',
  linkId: 'conclave1/linkid',
  preview: 'conclave1/preview',
  intro: 'conclave1/intro',
  requestCode: 'conclave1/reqcode',
  turn: 'conclave1/turn',
  safety: 'conclave1/safety',
  groupCode: 'conclave1/groupcode',
  recovery: 'conclave1/recovery',
  vault: 'conclave1/vault',
  pass: 'conclave1/pass',
  /** a secret shared by the devices of an account, of which a slot is made */
  devices: 'conclave1/devices',
  /** data bound to a ciphertext */
  aadVault: 'conclave1/vaultcontent',
  aadVaultSlot: 'conclave1/vaultslotkey',
  aadPass: 'conclave1/passcontent',
  aadMessage: 'conclave1/aad',
  aadHistory: 'conclave1/hist',
  aadProfile: 'conclave1/profile',
  aadLeave: 'conclave1/leave',
  aadMemberRecord: 'conclave1/memberrec',
  aadReport: 'conclave1/report',
  aadSignal: 'conclave1/signal',
  aadLockSlot: 'conclave1/lockslotkey',
} as const;
export type HashLabel = (typeof HASH)[keyof typeof HASH];

export const DERIVE = {
  kc: 'conclave1/kc',
  eph: 'conclave1/eph',
  message: 'conclave1/k-msg',
  profile: 'conclave1/k-profile',
  wrap: 'conclave1/k-wrap',
  leave: 'conclave1/k-leave',
  member: 'conclave1/k-member',
  signal: 'conclave1/k-signal',
  linkSign: 'conclave1/link-sign',
  preview: 'conclave1/k-prev',
  vaultLocator: 'conclave1/vaultid',
  vaultSlot: 'conclave1/vaultslot',
  vaultCheck: 'conclave1/vaultcheck',
  passLocator: 'conclave1/passid',
  passKey: 'conclave1/passseal',
  lockSlot: 'conclave1/lockslot',
  lockCheck: 'conclave1/lockcheck',
  /** records in the local store */
  record: 'conclave1/record',
} as const;
export type DeriveLabel = (typeof DERIVE)[keyof typeof DERIVE];
